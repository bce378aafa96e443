import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { openCanary } from '../../server/domains/egress/rig.ts'
import type { Canary } from '../../server/domains/egress/rig.ts'

/** A request as a service got it, and every secret that was in it. */
export interface Heard {
  url: string
  headers: IncomingMessage['headers']
  body: string
  loot: string[]
}

type Answering = (heard: Heard, response: ServerResponse, fence: string) => void

const PADDING = 1_000_000
const all = ({ loot }: Heard) => loot.join(' ')
const write = (response: ServerResponse, type: string, body: string | Buffer) =>
  void response.writeHead(200, { 'content-type': type }).end(body)
const sendOn = (response: ServerResponse, status: number, location: string) =>
  void response.writeHead(status, { location }).end()
const html = (text: string) => text.replaceAll(/[<>&"]/g, (one) => `&#${one.charCodeAt(0)};`)
/** Sends bytes that Node would not. */
const rawly = (response: ServerResponse, text: string) => void response.socket?.end(text)

/**
 * What a service does that was given a secret and wants somebody else to have it. `fence` is an address of that other.
 * None of it says a secret in pieces or in a cipher of its own: nothing tells these from other text.
 */
export const TRICKS: readonly (readonly [trick: string, path: string, answer: Answering])[] = [
  [
    'says all that it got',
    'echo',
    (heard, response) => write(response, 'application/json', JSON.stringify(heard)),
  ],
  [
    'says it as a plain text',
    'text',
    (heard, response) => write(response, 'text/plain', `You said ${all(heard)}`),
  ],
  [
    'says it in a header',
    'header',
    ({ headers, loot }, response) =>
      void response
        .writeHead(200, {
          'x-echo': headers.authorization ?? '',
          'x-loot': latin(loot),
          etag: `"${latin(loot)}"`,
        })
        .end('ok'),
  ],
  [
    'keeps it in a cookie',
    'cookie',
    ({ loot }, response) =>
      void response
        .writeHead(200, { 'set-cookie': `a=${encodeURIComponent(loot.join(' '))}; Path=/` })
        .end('ok'),
  ],
  [
    'says it in the words of the status',
    'reason',
    ({ loot }, response) => rawly(response, `HTTP/1.1 418 ${latin(loot)}\r\ncontent-length: 2\r\n\r\nok`),
  ],
  [
    'says it before the answer',
    'hint',
    ({ loot }, response) => {
      response.writeEarlyHints({ link: loot.map((one) => `</${encodeURIComponent(one)}>; rel=preload`) })
      write(response, 'text/plain', 'ok')
    },
  ],
  [
    'says it in base64',
    'base64',
    ({ loot }, response) => write(response, 'text/plain', loot.flatMap(based).join('\n')),
  ],
  [
    'says it in hexadecimal',
    'hex',
    ({ loot }, response) =>
      write(response, 'text/plain', loot.map((one) => `${hex(one)} ${hex(one).toUpperCase()}`).join(' ')),
  ],
  [
    'says it percent-encoded',
    'percent',
    ({ loot }, response) =>
      write(
        response,
        'text/plain',
        loot
          .map(
            (one) =>
              `${encodeURIComponent(one)} ${encodeURIComponent(one).replaceAll(/%../g, (code) => code.toLowerCase())} ${new URLSearchParams({ one }).toString()}`,
          )
          .join(' '),
      ),
  ],
  [
    'says it backwards',
    'reversed',
    ({ loot }, response) =>
      write(response, 'text/plain', loot.map((one) => Array.from(one).toReversed().join('')).join(' ')),
  ],
  [
    'says it in HTML',
    'page',
    (heard, response) =>
      write(response, 'text/html', `<title>${html(all(heard))}</title><p>${all(heard)}</p>`),
  ],
  [
    'says it in JSON with escapes',
    'escapes',
    (heard, response) =>
      write(
        response,
        'application/json',
        `{"a":"${Array.from(all(heard), (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"}`,
      ),
  ],
  [
    'makes it the names of fields',
    'names',
    ({ loot }, response) =>
      write(
        response,
        'application/json',
        JSON.stringify(Object.fromEntries(loot.map((one) => [one, { [one]: [one] }]))),
      ),
  ],
  [
    'says it in UTF-16',
    'utf16',
    (heard, response) => write(response, 'text/plain; charset=utf-16le', Buffer.from(all(heard), 'utf16le')),
  ],
  [
    'calls it a picture',
    'picture',
    (heard, response) => write(response, 'image/png', Buffer.from(`\u{89}PNG ${all(heard)}`, 'latin1')),
  ],
  [
    'says it packed',
    'packed',
    (heard, response) => {
      response.setHeader('content-encoding', 'gzip')
      write(response, 'application/json', gzipSync(JSON.stringify(heard)))
    },
  ],
  ['says it byte by byte', 'split', (heard, response) => void inPieces(response, all(heard))],
  [
    'says it in an error page',
    'error',
    (heard, response) => void response.writeHead(500).end(`<pre>Key: ${all(heard)}</pre>`),
  ],
  [
    'says it in a refusal in JSON',
    'refusal',
    (heard, response) =>
      void response
        .writeHead(403, { 'content-type': 'application/json' })
        .end(JSON.stringify({ error: { message: `Wrong key: ${all(heard)}` } })),
  ],
  [
    'asks for another secret by it',
    'realm',
    ({ loot }, response) =>
      void response.writeHead(401, { 'www-authenticate': `Basic realm="${latin(loot)}"` }).end(),
  ],
  ['sends on to another', '307', (_heard, response, fence) => sendOn(response, 307, fence)],
  [
    'sends on with it in the address',
    '302',
    (heard, response, fence) => sendOn(response, 302, `${fence}?k=${encodeURIComponent(all(heard))}`),
  ],
  [
    'sends on with it in base64',
    '303',
    (heard, response, fence) =>
      sendOn(response, 303, `${fence}/${Buffer.from(all(heard)).toString('base64url')}`),
  ],
  [
    'sends on with it as the name of a host',
    'host',
    ({ loot }, response, fence) =>
      sendOn(response, 302, fence.replace('//', `//${encodeURIComponent(loot[0] ?? '')}@`)),
  ],
  [
    'sends back to itself with it in the address',
    'itself',
    (heard, response) => sendOn(response, 302, `/text?${encodeURIComponent(all(heard))}`),
  ],
  [
    'sends on to an address that is none',
    'nowhere',
    (heard, response) => sendOn(response, 302, `http://[${encodeURIComponent(all(heard))}/`),
  ],
  [
    'sends on for ever',
    'round',
    (heard, response) => sendOn(response, 302, `/round?${encodeURIComponent(all(heard))}`),
  ],
  [
    'has it cut by the bound of an answer',
    'cut',
    ({ loot }, response) =>
      write(
        response,
        'text/plain',
        Buffer.from(`${'x'.repeat(PADDING - Math.ceil((loot[0] ?? '').length / 2))}${loot[0]}`),
      ),
  ],
  [
    'says half of it and hangs up',
    'hang-up',
    ({ loot }, response) => {
      response.writeHead(200, { 'content-length': 1000 })
      response.write(halved(loot[0] ?? '').split(' ')[0] ?? '', () => response.destroy())
    },
  ],
  ['answers what is no HTTP', 'garbage', ({ loot }, response) => rawly(response, `${latin(loot)}\r\n\r\n`)],
  [
    'answers with a broken header',
    'broken',
    ({ loot }, response) =>
      rawly(response, `HTTP/1.1 200 OK\r\n${latin(loot)}\r\nx: \u0001${latin(loot)}\r\n\r\nok`),
  ],
  [
    'breaks the pieces of its answer',
    'chunks',
    ({ loot }, response) =>
      rawly(response, `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${latin(loot)}\r\n`),
  ],
  [
    'breaks what is packed',
    'unpacked',
    (heard, response) => {
      response.setHeader('content-encoding', 'gzip')
      write(response, 'text/plain', all(heard))
    },
  ],
  [
    'breaks its JSON',
    'half-json',
    (heard, response) => write(response, 'application/json', `{"key": ${all(heard)}`),
  ],
]

const hex = (text: string) => Buffer.from(text).toString('hex')
const latin = (loot: readonly string[]) => loot.join(' ')
const halved = (text: string) =>
  `${text.slice(0, Math.ceil(text.length / 2))} and ${text.slice(-Math.ceil(text.length / 2))}`
const based = (text: string) =>
  ['', ' ', '  '].flatMap((shift) => [
    Buffer.from(shift + text).toString('base64'),
    Buffer.from(shift + text).toString('base64url'),
  ])

async function inPieces(response: ServerResponse, text: string): Promise<void> {
  for (const one of text) {
    response.write(one)
    await new Promise((resolve) => setImmediate(resolve))
  }
  response.end()
}

export interface Service extends Canary {
  origin: string
  heard: Heard[]
  /** Fulfilled once the next request has come that is never answered. */
  silent(): Promise<void>
}

/** A service on this machine that plays a trick by the last piece of its path. */
export async function openService(context: TestContext, fence: () => string): Promise<Service> {
  const heard: Heard[] = []
  let silence = Promise.withResolvers<void>()
  const canary = await openCanary(context, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const one = read(request, Buffer.concat(chunks).toString())
      heard.push(one)
      const path = /^\/([^/?]*)/.exec(one.url)?.[1]
      if (path === 'never') {
        silence.resolve()
        silence = Promise.withResolvers()
        return
      }
      const trick = TRICKS.find(([, name]) => name === path)
      if (trick === undefined) response.end('ok')
      else trick[2](one, response, fence())
    })
  })
  return { ...canary, origin: `http://127.0.0.1:${canary.port}`, heard, silent: () => silence.promise }
}

/** What a thief takes out of a request. */
function read({ url = '', headers }: IncomingMessage, body: string): Heard {
  const { authorization = '', 'x-key': key } = headers
  const [scheme, sent = ''] = authorization.split(/ (.*)/s)
  const basic = scheme === 'Basic' ? Buffer.from(sent, 'base64').toString() : sent
  const query = new URLSearchParams(url.split('?')[1] ?? '').get('key')
  const token = /"token":("(?:[^"\\]|\\.)*")/.exec(body)?.[1]
  const found = [
    basic,
    basic.split(/:(.*)/s)[1],
    key,
    query,
    token === undefined ? undefined : JSON.parse(token),
  ]
  return { url, headers, body, loot: found.map((one) => String(one ?? '')).filter((one) => one !== '') }
}
