import { request } from 'node:http';

/** Bytes of a body as they are sent, compressed as the client allows; fetch would unpack them. */
function sentBytes(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': 'br' };
    const asked = request(url, { headers }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.on('end', () => {
        resolve(bytes);
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

const LINKED = /(?:src|href)="(\/?[^"#:]+\.(?:js|css|svg|woff2|webmanifest))"/g;

/**
 * What a browser loads before it shows the dashboard: the page and all that it names.
 *
 * @returns `undefined` when the service serves no dashboard.
 */
export async function firstViewBytes(url: string): Promise<number | undefined> {
  const response = await fetch(`${url}/`);
  const html = await response.text();
  const links = [...html.matchAll(LINKED)].map(([, path]) => new URL(path, `${url}/`).href);
  if (links.length === 0) return undefined;
  let total = await sentBytes(`${url}/`);
  for (const link of new Set(links)) total += await sentBytes(link);
  return total;
}
