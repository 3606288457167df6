import { frameworks } from "./frameworks.ts";
import { addDemo, openPhotoClub } from "./photo-club.ts";

/** `node examples/embedding/dist/start.js express 8080`: the photo club in one of the frameworks. */
const [name = "http", port = "8080"] = process.argv.slice(2);
const create = frameworks[name];
if (create === undefined) {
  console.error(`Choose one of ${Object.keys(frameworks).join(", ")}.`);
  process.exit(2);
}

const issuer = `http://localhost:${port}/connect`;
const club = openPhotoClub(issuer);
const { login, password, clientId, clientSecret } = await addDemo(club.platform);
const server = await create(club);
server.listen(Number(port), "localhost", () => {
  console.log(`The photo club runs in ${name} at ${issuer}/ and forgets all when it stops.
Sign in as ${login} with password ${password}.
Application: client id ${clientId}, client secret ${clientSecret}, redirect URI http://localhost/`);
});
