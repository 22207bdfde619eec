/** Where the page begins. */
import { render } from "preact";
import { App } from "./app";
import { Traffic } from "./overview/traffic";
import { Live } from "./state/live";
import { followAddress } from "./state/route";
import { applyTheme, currentTheme } from "./state/theme";
import { takeToken } from "./state/token";
import { WatchedSites } from "./state/watched";

applyTheme(currentTheme());
takeToken();
followAddress();
const live = new Live();
const traffic = new Traffic(live);
const sites = new WatchedSites(live);
live.open();
void sites.load();
const root = document.getElementById("console");
if (root !== null) render(<App live={live} traffic={traffic} sites={sites} />, root);
