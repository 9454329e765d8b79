import "./older.js";
import { register } from "./apollo-register.ts";
import { showMore, watchRegistrations } from "./apollo-list.ts";
import { shown, takeSteps } from "./steps.js";

let list;
let latest;

await takeSteps({
  page: (userId) => {
    list = watchRegistrations(userId);
    list.subscribe(({ data, dataState }) => (latest = dataState === "complete" ? shown(data) : latest));
    return () => latest;
  },
  more: () => showMore(list),
  register,
});
