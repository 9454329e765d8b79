// Sends operations to an address by client libraries as they are by default; prints one JSON line for each: what was
// done, the data or the messages of errors, and the requests that it took.
import { createHash } from "node:crypto";
import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { cacheExchange, createClient, fetchExchange } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";
import { GraphQLClient } from "graphql-request";

const url = process.argv[2];
const headers = { authorization: "Bearer of-a-person" };
const WHOLE = "query Whole { viewer { scopes } }";
const PARTIAL = "query Partial { viewer { scopes } registrations(first: 1000) { totalCount } }";

let requests;
const counting = async (address, options) => {
  const response = await fetch(address, options);
  requests.push(`${options.method ?? "GET"} ${response.status}`);
  return response;
};

const apollo = (link) => {
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  return (document) => client.query({ query: gql(document), errorPolicy: "all" });
};
const apolloLink = (options) => new HttpLink({ uri: url, fetch: counting, ...options });
const persistedLink = (options) =>
  new PersistedQueryLink({ sha256: (text) => createHash("sha256").update(text).digest("hex"), ...options });
const urql = (exchanges, options) => {
  const client = createClient({ url, exchanges, fetch: counting, ...options });
  return (document) => client.query(document, {}).toPromise();
};

const clients = {
  apollo: () => apollo(apolloLink()),
  apolloGet: () => apollo(apolloLink({ useGETForQueries: true })),
  apolloPersisted: () => apollo(persistedLink({}).concat(apolloLink())),
  apolloPersistedGet: () => apollo(persistedLink({ useGETForHashedQueries: true }).concat(apolloLink())),
  urql: () => urql([cacheExchange, fetchExchange], { fetchOptions: { headers } }),
  urqlUnknown: () => urql([cacheExchange, fetchExchange]),
  urqlPost: () => urql([cacheExchange, fetchExchange], { preferGetMethod: false }),
  urqlPersisted: () => urql([cacheExchange, persistedExchange(), fetchExchange], { fetchOptions: { headers } }),
  graphqlRequest: () => {
    const client = new GraphQLClient(url, { fetch: counting, errorPolicy: "all" });
    return (document) => client.rawRequest(document);
  },
  relay: () => async (document) => {
    const body = JSON.stringify({ query: document });
    const response = await counting(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    return response.json(); // as Relay's guide does it
  },
};

for (const [client, create] of Object.entries(clients)) {
  const send = create();
  for (const document of [WHOLE, PARTIAL]) {
    requests = [];
    const { data, error, errors } = await send(document);
    const failures = errors ?? error?.graphQLErrors ?? error?.errors ?? (error ? [error] : []);
    const messages = failures.map(({ message }) => message);
    console.log(JSON.stringify({ client, document, data: data ?? null, messages, requests }));
  }
}
