import { pick, ToolbarButton, useGraphiQL } from "@graphiql/react";
import { useState } from "react";

/** The address of this page without what it asks to be opened. */
export const address = new URL(window.location.pathname, window.location.href);

/** The operation that `…/graphql?query=…&variables=…` opens, if the address is such a link. */
export function linkedOperation() {
  const parameters = new URLSearchParams(window.location.search);
  if (!parameters.has("query")) return null;
  return { query: parameters.get("query"), variables: parameters.get("variables") ?? "" };
}

function LinkIcon(props) {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" {...props}>
      <path d="M10 14 a4 4 0 0 0 6 0 l4 -4 a4 4 0 0 0 -6 -6 l-2 2" />
      <path d="M14 10 a4 4 0 0 0 -6 0 l-4 4 a4 4 0 0 0 6 6 l2 -2" />
    </svg>
  );
}

/** Makes the address one that opens the operation and the variables of the tab, and copies it. */
export function CopyLink() {
  const { queryEditor, variableEditor } = useGraphiQL(pick("queryEditor", "variableEditor"));
  const [label, setLabel] = useState("Copy link");
  const copy = async () => {
    const link = new URL(address);
    link.searchParams.set("query", queryEditor.getValue());
    if (variableEditor.getValue().trim()) link.searchParams.set("variables", variableEditor.getValue());
    window.history.replaceState(null, "", link);
    try {
      await navigator.clipboard.writeText(link.href);
      setLabel("The link is copied");
    } catch {
      setLabel("The link is the address of this page"); // browsers forbid copying on pages without https
    }
  };
  return (
    <ToolbarButton label={label} onClick={copy} onPointerLeave={() => setLabel("Copy link")}>
      <LinkIcon className="graphiql-toolbar-icon" aria-hidden="true" />
    </ToolbarButton>
  );
}
