import type { Operation } from '../../contract/operation.ts'
import { ask } from '../../server/transports/http/client.ts'
import type { Client } from '../../server/transports/socket/rig.ts'

/** What is asked of an operation, whatever carries it there. */
export type Fields = Readonly<Record<string, unknown>>

/** What came back, without what only one way of transport has. */
export type Body = Record<string, unknown>

/** Longer parameters in a path are no address at all. */
const PARAMETER_MAX = 512

/** Whether both ways can carry an input: a path holds a short text, and positions cannot be left out. */
export function isCarried({ http, socket }: Operation, input: Fields): boolean {
  const inPath = parametersOf(http.path).map((name) => input[name])
  const isPath = inPath.every((one) => typeof one === 'string' && one !== '' && one.length <= PARAMETER_MAX)
  const { args } = socket ?? {}
  if (args === undefined) return isPath
  const given = args.map((name) => input[name] !== undefined)
  const isWhole = given.lastIndexOf(true) === given.filter(Boolean).length - 1
  return isPath && isWhole && Object.keys(input).every((name) => args.includes(name))
}

/** Asks over HTTP as the contract says where each field goes. */
export async function askHttp(
  place: { port: number },
  operation: Operation,
  input: Fields,
  token: string | undefined,
): Promise<{ status: number; body: Body }> {
  const { method, path } = operation.http
  const inPath = parametersOf(path)
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(input[name])))
  const rest = Object.fromEntries(Object.entries(input).filter(([name]) => !inPath.includes(name)))
  const isQuery = method === 'GET' || method === 'DELETE'
  const query = Object.entries(rest).map(([name, value]) => [name, String(value)])
  const address = isQuery && query.length > 0 ? `${filled}?${String(new URLSearchParams(query))}` : filled
  return ask(place, `/api${address}`, {
    method,
    headers: { authorization: token === undefined ? undefined : `Bearer ${token}` },
    ...(isQuery ? {} : { body: rest }),
  })
}

/** Asks by the socket event of the operation, with an acknowledgement. */
export async function askSocket({ ask: send }: Client, operation: Operation, input: Fields): Promise<Body> {
  const { event, args, rename = {} } = operation.socket ?? { event: '' }
  if (args !== undefined) {
    const positions = args.map((name) => input[name])
    const count = positions.findLastIndex((value) => value !== undefined) + 1
    return { ...(await send(event, ...positions.slice(0, count))) }
  }
  const outer = new Map(Object.entries(rename).map(([sent, own]) => [own, sent]))
  const entries = Object.entries(input).map(([name, value]) => [outer.get(name) ?? name, value] as const)
  return { ...(await send(event, Object.fromEntries(entries))) }
}

function parametersOf(path: string): string[] {
  return Array.from(path.matchAll(/:(\w+)/g), ([, name = '']) => name)
}
