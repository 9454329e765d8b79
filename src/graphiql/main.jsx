import "graphiql/setup-workers/vite";

import { explorerPlugin } from "@graphiql/plugin-explorer";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { createRoot } from "react-dom/client";

import "graphiql/style.css";
import "@graphiql/plugin-explorer/style.css";
import "./page.css";

import { mendMarkup } from "./accessibility";
import { address, CopyLink, linkedOperation } from "./link";
import { tabs } from "./tabs";
import { TOKEN_PLUGIN, withToken } from "./token";

const send = createGraphiQLFetcher({
  url: address.href,
  subscriptionUrl: address.href.replace(/^http/, "ws"),
});
const fetcher = (operation, options) => send(operation, { ...options, headers: withToken(options?.headers) });
// What a link asks for is opened beside the tabs that are there.
const linked = linkedOperation();
const opening = linked ? [linked, ...tabs] : tabs;
// GraphiQL shows the query of the first opening tab by itself, and not its variables.
const isFirstVisit = localStorage.getItem("graphiql:tabState") === null;
const shown = linked ?? (isFirstVisit ? opening[0] : {});

const root = document.getElementById("graphiql");
mendMarkup(root);
createRoot(root).render(
  <GraphiQL
    fetcher={fetcher}
    schemaDescription
    shouldPersistHeaders={false}
    plugins={[HISTORY_PLUGIN, explorerPlugin(), TOKEN_PLUGIN]}
    defaultTabs={opening}
    defaultEditorToolsVisibility="variables"
    initialQuery={shown.query}
    initialVariables={shown.variables}
  >
    <GraphiQL.Logo>Registrations</GraphiQL.Logo>
    <GraphiQL.Toolbar>
      {({ prettify, merge, copy }) => (
        <>
          {prettify}
          {merge}
          {copy}
          <CopyLink />
        </>
      )}
    </GraphiQL.Toolbar>
  </GraphiQL>,
);
