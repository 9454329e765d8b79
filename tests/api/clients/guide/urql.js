import "./older.js";
import { client, register } from "./urql.ts";
import { PageOfRegistrations } from "./documents.ts";
import { shown, takeSteps } from "./steps.js";

let userId;
let latest;
const watch = (after) =>
  client.query(PageOfRegistrations, { userId, after }).subscribe(({ data }) => (latest = data));

await takeSteps({
  page: (id) => {
    userId = id;
    watch();
    return () => latest && shown(latest);
  },
  more: () => watch(latest.registrations.pageInfo.endCursor),
  register,
});
