// The opening tabs: each `tabs/N-name.graphql` with the variables in `tabs/N-name.json` beside it, in their order.
// Their ids are those of what `registrations seed` makes by default.
const files = import.meta.glob("./tabs/*", { query: "?raw", import: "default", eager: true });

export const tabs = Object.keys(files)
  .filter((name) => name.endsWith(".graphql"))
  .sort()
  .map((name) => ({ query: files[name], variables: files[name.replace(/graphql$/, "json")] }));
