// A strict OpenID provider that is not ours. Its configuration is the first line of standard input; it ends with it.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

import Provider, { interactionPolicy } from 'oidc-provider';

const CANCELLED = {
  cancel: { error: 'access_denied', error_description: 'The user cancelled' },
  'cancel-signicat': { error: 'IDP-3200', error_description: 'Authentication with the IdP was aborted' },
};
const ALGORITHMS = ['PS256', 'RS256'];

console.info = console.error; // standard output is for the line that says that we are ready

/** Signed in already, but the application asks for somebody else: sign in again. */
function loginPolicy() {
  const { base, Check } = interactionPolicy;
  const policy = base();
  const someoneElse = ({ oidc }) => Boolean(oidc.params.login_hint) && oidc.params.login_hint !== oidc.session.accountId;
  policy.get('login').checks.add(new Check('someone_else', 'another person is wanted', 'login_required', someoneElse));
  return policy;
}

/** Whoever signed in agrees to everything the client asks for. */
async function grantEverything({ oidc }) {
  const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope(oidc.params.scope);
  await grant.save();
  return grant;
}

/** A page that posts its form by itself; without JavaScript the reader posts it. */
function logoutPage(ctx, form) {
  ctx.body = `<!DOCTYPE html><title>Sign out</title>
    ${form.replace('</form>', '<input type="hidden" name="logout" value="yes"/></form>')}
    <script>document.forms[0].submit()</script>`;
}

function configuration({ jwks, accounts, clients }) {
  const told = Object.values(accounts).flatMap((account) => [account.id_token, account.userinfo]);
  return {
    jwks,
    clients,
    acrValues: Object.values(accounts).flatMap((account) => account.acr ?? []),
    claims: { openid: [...new Set(['sub', 'acr', ...told.flatMap(Object.keys)])] },
    conformIdTokenClaims: false, // each account says what goes into its id token
    findAccount: (_, accountId) => accounts[accountId] && {
      accountId,
      claims: (use) => ({ sub: accountId, ...accounts[accountId][use] }),
    },
    loadExistingGrant: grantEverything,
    interactions: { policy: loginPolicy(), url: (_, { uid }) => `/interaction/${uid}` },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    pkce: { required: () => true },
    responseTypes: ['code'],
    scopes: ['openid'],
    allowOmittingSingleRegisteredRedirectUri: false,
    clientAuthMethods: ['private_key_jwt', 'client_secret_basic', 'client_secret_post'],
    enabledJWA: { idTokenSigningAlgValues: ALGORITHMS, clientAuthSigningAlgValues: ALGORITHMS },
    ttl: { AccessToken: 900, AuthorizationCode: 60, Grant: 3600, IdToken: 300, Interaction: 300, Session: 3600 },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: logoutPage },
    },
    renderError: (ctx, out) => { ctx.body = out; },
    // The guard against requests to internal addresses sits in the dispatcher; here everything is on one machine.
    fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  };
}

/** No page: whoever the login hint names is signed in, or cancels. */
async function interact(provider, accounts, request, response) {
  const { params: { login_hint: hint } } = await provider.interactionDetails(request, response);
  const unknown = { error: 'login_required', error_description: `no account for login_hint ${hint}` };
  const login = accounts[hint] && { login: { accountId: hint, acr: accounts[hint].acr } };
  await provider.interactionFinished(request, response, login ?? CANCELLED[hint] ?? unknown);
}

async function serve(given) {
  const provider = new Provider(given.issuer, configuration(given));
  await Promise.all(given.clients.map(({ client_id: id }) => provider.Client.find(id))); // refuse wrong metadata now
  provider.proxy = true;
  for (const event of ['server_error', 'backchannel.error', 'grant.error', 'authorization.error']) {
    provider.on(event, (_, { message, error_detail: detail, error_description: description, stack }) => {
      console.error(event, message, detail ?? description ?? stack);
    });
  }
  const standard = provider.callback();
  const server = createServer((request, response) => {
    if (!request.url.startsWith('/interaction/')) {
      standard(request, response);
      return;
    }
    interact(provider, given.accounts, request, response).catch((error) => {
      response.writeHead(400).end(String(error));
    });
  });
  server.listen(0, '127.0.0.1', () => console.log(`ready ${server.address().port}`));
}

const lines = createInterface({ input: process.stdin });
lines.once('line', (line) => serve(JSON.parse(line)));
lines.once('close', () => process.exit()); // also when whoever started this was killed
