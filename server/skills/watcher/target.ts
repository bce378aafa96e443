import { isAddress as isWebAddress, readUrl } from '../fetcher/address.ts'
import { ActionError } from '../skill.ts'
import type { KINDS, Watch } from './record.ts'

type Kind = (typeof KINDS)[number]

const PATH = /^(?:[~/\\]|[a-z]:[\\/])/i
const HOST_AND_PORT = /^(?:tcp:\/\/)?(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?):(\d{1,5})$/i
const FEED = /(?:^|[./_-])(?:rss|atom|feed|feeds)(?:[./?_-]|$)|\.(?:xml|rdf)$/i

/**
 * What a text asks to have watched: a path, an address of the web, or a port as `host:port`.
 *
 * @param resolve - makes a path absolute, or refuses it.
 * @throws ActionError when it is none, or not of the kind that was asked for.
 */
export function readTarget(
  said: string,
  kind: Kind | undefined,
  resolve: (path: string) => string,
): Pick<Watch, 'kind' | 'target'> {
  const text = said.trim()
  if (kind === 'port' || (kind === undefined && HOST_AND_PORT.test(text))) return readPort(text)
  if (kind === 'file' || kind === 'folder') return { kind, target: resolve(text) }
  if (kind === undefined && PATH.test(text)) {
    return { kind: /[/\\]$/.test(text) ? 'folder' : 'path', target: resolve(text) }
  }
  if (!isWebAddress(text))
    throw new ActionError(
      `I cannot watch "${text}": it is no path, no address of the web, and no port such as example.org:22.`,
    )
  const target = readUrl(text)
  return { kind: kind ?? (FEED.test(new URL(target).pathname) ? 'feed' : 'url'), target }
}

function readPort(text: string): Pick<Watch, 'kind' | 'target'> {
  const [, host = '', port = ''] = HOST_AND_PORT.exec(text) ?? []
  if (host === '' || Number(port) < 1 || Number(port) > 65_535)
    throw new ActionError(`"${text}" is no port; say one as example.org:22.`)
  return { kind: 'port', target: `${host.toLowerCase()}:${Number(port)}` }
}

/** What a watch that is kept looks at. @throws ActionError when that is nothing that can be looked at. */
export function readKnown({ kind, target }: Pick<Watch, 'kind' | 'target'>): void {
  if (kind === 'port') readPort(target)
  else if (kind === 'url' || kind === 'feed') readUrl(target)
  else if (!PATH.test(target)) throw new ActionError(`"${target}" is no path.`)
}

/** Host and port of a watch of a port. */
export function hostAndPort(target: string): { host: string; port: number } {
  const at = target.lastIndexOf(':')
  return { host: target.slice(0, at).replace(/^\[(.*)\]$/, '$1'), port: Number(target.slice(at + 1)) }
}

/** A name for what is watched: the last part of a path, an address without its scheme. */
export function labelOf({ kind, target }: Pick<Watch, 'kind' | 'target'>): string {
  if (kind === 'port') return target
  const short = ['file', 'folder', 'path'].includes(kind)
    ? (target.split(/[/\\]/).findLast((name) => name !== '') ?? target)
    : target.replace(/^https?:\/\/(?:www\.)?/, '').replace(/\/$/, '')
  return short.length > 80 ? `${short.slice(0, 79)}…` : short
}
