/** A long list of rows of one height, of which only those in sight are in the document. */
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

interface VirtualListProps {
  count: number;
  rowHeight: number;
  row: (index: number) => ComponentChildren;
  /** Close to the last row: more could be loaded. */
  onNearEnd: () => void;
  /** Is scrolled into view when it changes. */
  selected: number;
  /** The key of the first row: rows that come before it do not move what is being read. */
  firstKey: string | undefined;
  keyOf: (index: number) => string;
}

/** Rows above and below those in sight. */
const MARGIN = 12;

export function VirtualList({ count, rowHeight, row, onNearEnd, selected, firstKey, keyOf }: VirtualListProps) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  const measure = () => {
    const { scrollTop = 0, clientHeight = 800 } = box.current ?? {};
    setView((before) =>
      before.top === scrollTop && before.height === clientHeight ? before : { top: scrollTop, height: clientHeight },
    );
  };
  useEffect(() => {
    const observer = new ResizeObserver(measure);
    if (box.current !== null) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  useKeptScrollPosition(box, { count, firstKey, keyOf, rowHeight });
  useEffect(() => {
    const element = box.current;
    if (element === null || selected < 0) return;
    const [top, bottom] = [selected * rowHeight, (selected + 1) * rowHeight];
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
  }, [selected, rowHeight]);
  const first = Math.max(0, Math.floor(view.top / rowHeight) - MARGIN);
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + MARGIN);
  useEffect(() => {
    if (count > 0 && last > count - 2 * MARGIN) onNearEnd();
  }, [last, count, onNearEnd]);
  return (
    <div class="rows" role="rowgroup" ref={box} onScroll={measure} tabIndex={0} aria-label="Rows">
      <div class="rows-space" role="presentation" style={{ height: `${count * rowHeight}px` }}>
        {Array.from({ length: Math.max(0, last - first) }, (_, offset) => (
          <div
            key={keyOf(first + offset)}
            class="rows-slot"
            role="presentation"
            style={{ height: `${rowHeight}px`, transform: `translateY(${(first + offset) * rowHeight}px)` }}
          >
            {row(first + offset)}
          </div>
        ))}
      </div>
    </div>
  );
}

/** When rows come at the top while one reads further below, what is being read stays in its place. */
function useKeptScrollPosition(
  box: { current: HTMLDivElement | null },
  { count, firstKey, keyOf, rowHeight }: Pick<VirtualListProps, "count" | "firstKey" | "keyOf" | "rowHeight">,
): void {
  const before = useRef(firstKey);
  useLayoutEffect(() => {
    const old = before.current;
    before.current = firstKey;
    if (box.current === null || old === undefined || old === firstKey || box.current.scrollTop < rowHeight) return;
    for (let added = 1; added < Math.min(count, 200); added++) {
      if (keyOf(added) !== old) continue;
      box.current.scrollTop += added * rowHeight;
      return;
    }
  }, [firstKey]);
}
