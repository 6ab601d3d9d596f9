/** A choice of a few, of which one is shown. */

interface TabsProps<Tab extends string> {
  tabs: readonly Tab[];
  shown: Tab;
  onChange: (tab: Tab) => void;
  label: string;
}

export function Tabs<Tab extends string>({ tabs, shown, onChange, label }: TabsProps<Tab>) {
  return (
    <div class="tabs" role="group" aria-label={label}>
      {tabs.map((tab) => (
        <button key={tab} type="button" aria-pressed={tab === shown} onClick={() => onChange(tab)}>
          {tab}
        </button>
      ))}
    </div>
  );
}
