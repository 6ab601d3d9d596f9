/** The page's few icons, as lines on a grid of 20. */

const PATHS = {
  back: "M12 4l-6 6 6 6",
  pause: "M7 4v12M13 4v12",
  play: "M6 4l10 6-10 6z",
  sun: "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6L16 16M16 4l-1.4 1.4M5.4 14.6L4 16",
  moon: "M16 12.5A7 7 0 0 1 7.5 4a7 7 0 1 0 8.5 8.5z",
  auto: "M10 2.5a7.5 7.5 0 1 0 0 15zM10 2.5a7.5 7.5 0 0 1 0 15",
  help: "M7.5 7.5a2.5 2.5 0 1 1 3.5 2.3c-.7.4-1 .8-1 1.7M10 14.5v.2M10 2a8 8 0 1 0 0 16 8 8 0 0 0 0-16z",
  bell: "M5 13V9a5 5 0 0 1 10 0v4l1.5 2h-13zM8.5 17.5h3",
  bellOff: "M5 13V9a5 5 0 0 1 8-4M15 9v4l1.5 2h-13M8.5 17.5h3M3 3l14 14",
  send: "M3 10l14-6.5L13 17l-3.5-5.5zM9.5 11.5L17 3.5",
  plus: "M10 4v12M4 10h12",
  close: "M5 5l10 10M15 5L5 15",
  pin: "M10 2.5l2.3 4.8 5.2.7-3.8 3.6.9 5.2-4.6-2.5-4.6 2.5.9-5.2L2.5 8l5.2-.7z",
  reply: "M8 5L3.5 9.5 8 14M3.5 9.5H12a4.5 4.5 0 0 1 4.5 4.5v1.5",
  tick: "M4 10.5l4 4 8-9",
  ticks: "M1.5 10.5l4 4 8-9M9.5 13.5l1 1 8-9",
  clock: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM10 6v4l3 2",
  alert: "M10 6v5M10 13.8v.2M10 2a8 8 0 1 0 0 16 8 8 0 0 0 0-16z",
  file: "M5 2.5h6.5L15 6v11.5H5zM11.5 2.5V6H15",
  search: "M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM13 13l4 4",
  external: "M8 5H4.5v10.5H15V12M11 4h5v5M16 4l-7 7",
} as const;

export type IconName = keyof typeof PATHS;

/** For the eye only: what contains it has a label. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
