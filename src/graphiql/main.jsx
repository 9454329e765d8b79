import "graphiql/setup-workers/vite";

import { explorerPlugin } from "@graphiql/plugin-explorer";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { createRoot } from "react-dom/client";

import "graphiql/style.css";
import "@graphiql/plugin-explorer/style.css";

import { tabs } from "./tabs";

const address = new URL(window.location.pathname, window.location.href);
const fetcher = createGraphiQLFetcher({
  url: address.href,
  subscriptionUrl: address.href.replace(/^http/, "ws"),
});
// `/graphql?query=…&variables=…` opens what the address asks for, beside the tabs that are there.
const parameters = new URLSearchParams(window.location.search);
const asked = parameters.has("query")
  ? [{ query: parameters.get("query"), variables: parameters.get("variables") ?? "" }]
  : [];
const opening = [...asked, ...tabs];
// GraphiQL shows the query of the first opening tab by itself, and not its variables.
const isFirstVisit = localStorage.getItem("graphiql:tabState") === null;
const shown = asked[0] ?? (isFirstVisit ? opening[0] : {});

createRoot(document.getElementById("graphiql")).render(
  <GraphiQL
    fetcher={fetcher}
    plugins={[HISTORY_PLUGIN, explorerPlugin()]}
    defaultTabs={opening}
    defaultEditorToolsVisibility="variables"
    initialQuery={shown.query}
    initialVariables={shown.variables}
  >
    <GraphiQL.Logo>Registrations</GraphiQL.Logo>
  </GraphiQL>,
);
