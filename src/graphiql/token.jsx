import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { useState } from "react";

// Kept for this tab of the browser, until it is closed. GraphiQL's own headers are those of one of its tabs.
const KEY = "registrations:token";
const keptToken = () => sessionStorage.getItem(KEY) ?? "";

export function withToken(headers = {}) {
  const hasOwn = Object.keys(headers).some((name) => name.toLowerCase() === "authorization");
  return keptToken() && !hasOwn ? { ...headers, Authorization: `Bearer ${keptToken()}` } : headers;
}

function TokenIcon(props) {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" {...props}>
      <circle cx="8" cy="16" r="5" />
      <path d="M12 12 L21 3 M17 7 L20 10" />
    </svg>
  );
}

function TokenPanel() {
  const [token, setToken] = useState(keptToken);
  const { introspect } = useGraphiQLActions();
  const hasSchema = useGraphiQL(({ schema }) => Boolean(schema));
  const keep = (text) => {
    const kept = text.trim().replace(/^bearer\s+/i, "");
    sessionStorage.setItem(KEY, kept);
    setToken(kept);
  };
  const use = (event) => {
    event.preventDefault();
    if (!hasSchema) introspect();
  };
  return (
    <section aria-label="Token">
      <h2 className="token-title">Token</h2>
      <form className="token-form" onSubmit={use} onBlur={use}>
        <label htmlFor="token">Access token</label>
        <input
          id="token"
          type="password"
          autoComplete="off"
          value={token}
          onChange={(event) => keep(event.target.value)}
        />
        <button type="button" className="graphiql-button" disabled={!token} onClick={() => keep("")}>
          Forget
        </button>
      </form>
      <p>
        Every tab sends it as <code>Authorization: Bearer</code>, unless the <i>Headers</i> of the tab have another. It
        is forgotten when this tab of the browser is closed.
      </p>
    </section>
  );
}

export const TOKEN_PLUGIN = { title: "Token", icon: TokenIcon, content: TokenPanel };
