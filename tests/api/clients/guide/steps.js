// Registers a user from the page of their registrations and prints what the page shows, as one JSON object.
import { textOf } from "./field-errors.ts";

const [userId, offeringId, takenId] = process.argv.slice(2);

export const shown = ({ registrations: { edges } }) => edges.map(({ node }) => node.title);

/** `page` starts to show the list and gives what it shows now; `more` and `register` are the client's. */
export async function takeSteps({ page, more, register }) {
  const list = page(userId);
  const until = async (done) => {
    while (!list() || !done(list())) await new Promise(setImmediate);
    return list();
  };
  const first = await until(() => true);
  await more();
  const all = await until(({ length }) => length > first.length);
  const success = await register(userId, offeringId);
  const added = await until(({ length }) => length > all.length);
  const texts = async (id) => (await register(userId, id)).fieldErrors.map(textOf);
  const again = await texts(offeringId);
  const unknown = await texts(takenId);
  console.log(JSON.stringify({ first, all, success: success.__typename, added, again, unknown }));
  process.exit();
}
