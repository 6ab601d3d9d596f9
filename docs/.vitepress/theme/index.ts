/** VitePress' own theme with the system's fonts and the colors of the page of `wa-hook dev`. */
import theme from "vitepress/theme-without-fonts";

import "./style.css";

export default theme;
