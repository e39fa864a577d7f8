import type { Overview } from '../../api.js';
import { get, post, RequestError } from '../http.js';
import { connection, heardAt, showOverview } from '../state.js';

/** Exchanges the token of the address for a session, and removes it from the address: it is good once. @throws RequestError */
const takeToken = async (): Promise<void> => {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (!token) return;
  history.replaceState(null, '', location.pathname + location.search);
  await post('/session', { token });
};

/** A session without a token is given beside the emulator alone. Answers whether there is one. */
export const renewSession = async (): Promise<boolean> =>
  post('/session', {}).then(
    () => true,
    () => false,
  );

const firstData = (): Overview | undefined => {
  const text = document.getElementById('first-data')?.textContent;
  return text ? (JSON.parse(text) as Overview) : undefined;
};

const readOverview = async (): Promise<Overview> => {
  try {
    return await get<Overview>('/api/overview');
  } catch (error) {
    if (!(error instanceof RequestError && error.error.reason === 'NO_SESSION' && (await renewSession()))) throw error;
    return get<Overview>('/api/overview');
  }
};

/** Ends the page if the error says that it has no session; answers whether it does. */
export const endIfRefused = (error: unknown): boolean => {
  const isRefused = error instanceof RequestError && (error.error.reason === 'NO_SESSION' || error.error.reason === 'TOKEN_REFUSED');
  if (isRefused) connection.value = { state: 'ended', message: error.message };
  return isRefused;
};

/**
 * Shows the first data: those of the document, or else read. A token that was used ends nothing while there is a session: its address may be
 * opened again from the browser's history.
 * @throws RequestError
 */
export const openSession = async (): Promise<void> => {
  const refused = await takeToken().catch((error: unknown) => error);
  const first = firstData();
  if (!first && document.getElementById('page')?.dataset.emulator !== undefined) await renewSession();
  try {
    showOverview(first ?? (await readOverview()));
  } catch (error) {
    throw refused ?? error;
  }
  heardAt.value = Date.now();
};
