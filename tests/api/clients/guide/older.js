// The app was built with a schema that has no RetakeNotAllowed yet. Imported before the client that reads this.
import generated from "./possible-types.ts";

for (const [name, members] of Object.entries(generated.possibleTypes))
  generated.possibleTypes[name] = members.filter((member) => member !== "RetakeNotAllowed");
