import type { HttpAction, HttpIntegration, Place } from '../../../contract/integrations.ts'
import type { NetRequest } from '../capabilities.ts'
import { ActionError } from '../skill.ts'

type Parameters = Readonly<Record<string, unknown>>

/** A parameter that was given, and where it goes. */
interface Given {
  name: string
  value: unknown
  place: Place
}

/** The request that an action of a service means. @throws ActionError for values that have no way into it. */
export function toRequest(
  service: HttpIntegration,
  declared: HttpAction,
  parameters: Parameters,
): NetRequest {
  const given = Object.entries(parameters).flatMap(([name, value]): Given[] => {
    const place = Object.hasOwn(declared.places ?? {}, name) ? declared.places?.[name] : undefined
    return place === undefined || value === undefined ? [] : [{ name: place.name ?? name, value, place }]
  })
  const at = (where: Place['in']) => given.filter(({ place }) => place.in === where)
  const base = new URL(service.base_url)
  const url = new URL(base)
  url.pathname = `${base.pathname.replace(/\/$/, '')}${fill(declared.path, at('path'))}`
  url.search = at('query').flatMap(toQuery).join('&')
  const body = toBody(declared, at('body'), at('whole'))
  const type = body === undefined && service.auth?.in === 'body' ? { 'content-type': JSON_TYPE } : {}
  const { credential_id, auth } = service
  return {
    url: url.href,
    method: declared.method,
    headers: { accept: 'application/json, */*;q=0.5', ...type, ...body?.headers, ...toHeaders(at('header')) },
    ...(body === undefined ? {} : { body: body.text }),
    ...(credential_id === undefined ? {} : { credential_id }),
    ...(credential_id === undefined || auth === undefined ? {} : { credential_place: auth }),
    hosts: hostsOf(service),
  }
}

const JSON_TYPE = 'application/json'

/** Hosts that a service may be reached at: that of its address, unless its user has said more. */
export function hostsOf({
  base_url,
  allowed_hosts,
}: Pick<HttpIntegration, 'base_url' | 'allowed_hosts'>): string[] {
  // A name with a dot at its end is the same host, and is asked without.
  return allowed_hosts.length > 0 ? allowed_hosts : [new URL(base_url).hostname.replace(/\.$/, '')]
}

/** The path with its values, none of which leaves the piece that it stands in. */
function fill(path: string, given: readonly Given[]): string {
  const values = new Map(given.map(({ name, value }) => [name, value]))
  const filled = path.replaceAll(/\{([^{}]+)\}/g, (_whole, name: string) => {
    const text = toText(name, values.get(name))
    if (text === '') throw new ActionError(`${sayName(name)} must not be empty.`)
    // Servers that take `%2f` for a slash must not be led out of the path by it.
    if (text.split(/[\\/]/).some(isDots)) throw new ActionError(`${sayName(name)} must not lead elsewhere.`)
    return encode(name, text)
  })
  if (filled.split('/').some(isDots)) throw new ActionError('Together these values lead elsewhere.')
  return filled
}

function isDots(piece: string): boolean {
  return /^(?:\.|%2e){1,2}$/i.test(piece)
}

function toQuery({ name, value, place: { explode = true } }: Given): string[] {
  const key = encode(name, name)
  const pair = (to: string, one: unknown): string => `${to}=${encode(name, toText(name, one))}`
  if (value === null) return []
  if (Array.isArray(value)) {
    if (explode) return value.map((one: unknown) => pair(key, one))
    return [`${key}=${value.map((one: unknown) => encode(name, toText(name, one))).join(',')}`]
  }
  if (typeof value !== 'object') return [pair(key, value)]
  const fields = Object.entries(value)
  if (explode) return fields.map(([field, one]) => pair(encode(name, field), one))
  const flat = fields.flat().map((one: unknown) => encode(name, toText(name, one)))
  return [`${key}=${flat.join(',')}`]
}

function toHeaders(given: readonly Given[]): Record<string, string> {
  return Object.fromEntries(given.map(({ name, value }) => [name.toLowerCase(), toText(name, value)]))
}

interface Body {
  text: string
  headers: Record<string, string>
}

function toBody(
  { body: kind }: HttpAction,
  fields: readonly Given[],
  [whole]: readonly Given[],
): Body | undefined {
  if (whole === undefined && fields.length === 0) return undefined
  const value =
    whole === undefined ? Object.fromEntries(fields.map((one) => [one.name, one.value])) : whole.value
  if (kind !== 'form') return { text: JSON.stringify(value), headers: { 'content-type': JSON_TYPE } }
  if (typeof value !== 'object' || value === null) throw new ActionError('A form is an object.')
  const pairs = Object.entries(value).flatMap(([name, one]) =>
    toQuery({ name, value: one, place: { in: 'query' } }),
  )
  return { text: pairs.join('&'), headers: { 'content-type': 'application/x-www-form-urlencoded' } }
}

/** A value as it stands in an address or a header. @throws ActionError for one that has no such form. */
function toText(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return value.map((one: unknown) => toText(name, one)).join(',')
  if (value === undefined) throw new ActionError(`${sayName(name)} is missing.`)
  throw new ActionError(`${sayName(name)} must be a text or a number.`)
}

function encode(name: string, text: string): string {
  // Half a character is none that can be sent.
  if (!text.isWellFormed()) throw new ActionError(`${sayName(name)} has characters that cannot be sent.`)
  return encodeURIComponent(text)
}

function sayName(name: string): string {
  return `The parameter ${name}`
}
