// Runs every audit of the specification of GraphQL over HTTP against an address; prints one JSON line for each.
import { serverAudits } from "graphql-http";

for (const { fn } of serverAudits({ url: process.argv[2] })) {
  const { id, name, status, reason } = await fn();
  console.log(JSON.stringify({ id, name, status, reason }));
}
