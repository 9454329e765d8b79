// Runs every audit of the specification of GraphQL over HTTP against an address; prints one JSON line for each.
import { serverAudits } from "graphql-http";

// Queries by GET are for those who say that they are no page of another site, which the audits don't.
const fetchFn = (url, init) => fetch(url, { ...init, headers: { "apollo-require-preflight": "true", ...init?.headers } });

for (const { fn } of serverAudits({ url: process.argv[2], fetchFn })) {
  const { id, name, status, reason } = await fn();
  console.log(JSON.stringify({ id, name, status, reason }));
}
