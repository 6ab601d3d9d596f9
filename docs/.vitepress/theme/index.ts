/** VitePress' own theme with the system's fonts and the colors of the page of `wa-hook dev`. */
import theme from "vitepress/theme-without-fonts";

// oxlint-disable-next-line import/no-unassigned-import
import "./style.css";

export default theme;
