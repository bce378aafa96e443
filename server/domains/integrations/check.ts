import type { Issue } from '../../../contract/errors.ts'
import { HttpAction, INTEGRATIONS } from '../../../contract/integrations.ts'
import type { ExternalIntegration, HttpIntegration, Place } from '../../../contract/integrations.ts'
import { findSchemaIssues } from '../../kernel/foreign-schema.ts'
import { isFreeHeader } from '../../kernel/header-names.ts'
import { isHostOf } from '../../kernel/host-pattern.ts'
import { pointTo } from '../../kernel/json-pointer.ts'
import { findIssues } from '../../kernel/validate.ts'
import { firstWord, isNamedIn } from './phrases.ts'
import { inPath, isRead, parametersOf, settled } from './settled.ts'

/** What is wrong with a phrase, as a sentence. */
export type FindPhraseProblem = (phrase: string) => string | undefined

/** What can be said already. */
export interface Said {
  findPhraseProblem: FindPhraseProblem
  /** Words that orders to the own agents begin with. */
  orders: ReadonlySet<string>
}

/** Everything that is wrong with the integrations of one agent, each by itself; paths begin with its place in the list. */
export function findIntegrationIssues(integrations: readonly ExternalIntegration[], said: Said): Issue[] {
  const ids = integrations.map(({ id }) => id)
  return integrations.flatMap((integration, index) => {
    const { id, type } = integration
    const twice =
      ids.indexOf(id) < index ? [{ path: '/id', message: 'is the id of another integration' }] : []
    // What is left of one whose parts were changed apart, when one of the changes is taken back, has none.
    if (!Object.hasOwn(INTEGRATIONS, type))
      return [{ path: `/${index}/type`, message: `must be one of ${Object.keys(INTEGRATIONS).join(', ')}` }]
    const shape = findIssues(INTEGRATIONS[type], integration)
    const own = shape.length === 0 ? issuesOf(integration, said) : shape
    return below(`/${index}`, [...twice, ...own])
  })
}

function below(at: string, issues: readonly Issue[]): Issue[] {
  return issues.map(({ path, message }) => ({ path: `${at}${path}`, message }))
}

function issuesOf(integration: ExternalIntegration, { findPhraseProblem, orders }: Said): Issue[] {
  // Nothing speaks to the others yet.
  if (integration.type !== 'http' && integration.type !== 'webhook') return []
  const { type, base_url = '', allowed_hosts, auth, credential_id, actions = [] } = integration
  const declared = actions as HttpIntegration['actions'] & object
  const names = declared.map(({ name }) => name)
  const first = firstWord(integration.name)
  return [
    // What is said to it begins with its name, and must be no order to somebody else.
    ...(orders.has(first)
      ? [{ path: '/name', message: `must not begin with "${first}", as orders do` }]
      : []),
    ...findAddressIssues(base_url, type === 'webhook', allowed_hosts),
    ...(auth !== undefined && credential_id === undefined
      ? [{ path: '/auth', message: 'says where a credential goes, and there is no credential_id' }]
      : []),
    ...(auth?.in === 'header' && !isFreeHeader(auth.name)
      ? [{ path: '/auth/name', message: 'is no header that may carry a secret' }]
      : []),
    ...declared.flatMap((action, index) => {
      const twice =
        names.indexOf(action.name) < index
          ? [{ path: '/name', message: 'is the name of another action' }]
          : []
      return below(`/actions/${index}`, [
        ...twice,
        ...findActionIssues(action, integration.name, findPhraseProblem),
      ])
    }),
  ]
}

/** An address that a service can have: what is secret, or would be lost when a path is added to it, is not among it. */
export function findAddressIssues(text: string, hasQuery: boolean, hosts: readonly string[] = []): Issue[] {
  const url = URL.parse(text)
  if (url === null || url.hostname === '')
    return wrongAddress('must be an address, such as https://api.example.com/v1')
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return wrongAddress('must begin with http:// or https://: nothing else is spoken')
  if (url.username !== '' || url.password !== '')
    return wrongAddress('must not hold a name or a password: that belongs into a credential')
  if (url.hash !== '' || text.includes('#')) return wrongAddress('must not have a fragment')
  if (!hasQuery && (url.search !== '' || text.includes('?'))) return wrongAddress('must not have a query')
  const strange = hosts.flatMap((host, index) =>
    /^(?:\*\.)?[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$|^\[[0-9a-f:.]+\]$/i.test(host)
      ? []
      : [
          {
            path: `/allowed_hosts/${index}`,
            message: 'must be a host, such as api.example.com or *.example.com',
          },
        ],
  )
  if (strange.length > 0 || hosts.length === 0) return strange
  const hostname = url.hostname.replace(/\.$/, '')
  if (hosts.some((host) => isHostOf(host, hostname))) return []
  return [{ path: '/allowed_hosts', message: `must have the host of base_url, ${hostname}` }]
}

function wrongAddress(message: string): Issue[] {
  return [{ path: '/base_url', message }]
}

/** Everything that is wrong with one action. */
export function findActionIssues(
  given: HttpAction,
  service: string,
  findPhraseProblem: FindPhraseProblem,
): Issue[] {
  const shape = findIssues(HttpAction, given)
  if (shape.length > 0) return shape
  const { phrases = [], parameters, places: said = {} } = given
  const schema =
    parameters === undefined
      ? []
      : parameters['type'] === 'object'
        ? findSchemaIssues(parameters, '/parameters')
        : [{ path: '/parameters/type', message: 'must be "object"' }]
  if (schema.length > 0) return schema
  const action = settled(given)
  const places = Object.entries(action.places ?? {})
  const unknown = Object.keys(said).filter((name) => !Object.hasOwn(action.places ?? {}, name))
  return [
    ...findPathIssues(action, places),
    ...unknown.map((name) => ({ path: `/places${pointTo(name)}`, message: 'is no parameter' })),
    ...places.flatMap(([name, place]) => findPlaceIssues(action, name, place)),
    ...findBodyIssues(places),
    ...phrases.flatMap((phrase, index) => {
      const problem = findPhraseProblem(phrase)
      const path = `/phrases/${index}`
      if (problem !== undefined) return [{ path, message: `is no phrase: ${problem}` }]
      // Else it would be said of others, too.
      return isNamedIn(service, phrase)
        ? []
        : [{ path, message: `must have the name of the service, ${service}` }]
    }),
  ]
}

type Places = readonly (readonly [name: string, place: Place])[]

function findPathIssues(action: HttpAction, places: Places): Issue[] {
  const { path } = action
  if (!/^\/[^?#\\\s]*$/.test(path) || path.split('/').some((piece) => /^(?:\.|%2e){1,2}$/i.test(piece)))
    return [{ path: '/path', message: 'must be a path such as /items/{id}, without a query and without ..' }]
  const given = new Map(
    places
      .filter(([, place]) => place.in === 'path')
      .map(([name, { name: called = name }]) => [called, name]),
  )
  const { required } = parametersOf(action)
  return inPath(path).flatMap((name) => {
    const parameter = given.get(name)
    if (parameter === undefined) return [{ path: '/path', message: `has {${name}}, which is no parameter` }]
    return required.includes(parameter)
      ? []
      : [{ path: '/parameters/required', message: `must have ${parameter}, which is in the path` }]
  })
}

/** Names by which a header is known to carry a secret, which a parameter would leave in the history of executions. */
const SECRET = /auth|cookie|token|secret|api-?_?key|passw|credential|session|signature/i

function findPlaceIssues(
  action: HttpAction,
  parameter: string,
  { in: where, name = parameter }: Place,
): Issue[] {
  const wrong = (message: string): Issue[] => [{ path: `/places${pointTo(parameter)}`, message }]
  if (where === 'path' && !inPath(action.path).includes(name)) return wrong(`is not in the path as {${name}}`)
  if (where === 'header' && !isFreeHeader(name)) return wrong('is no header that may be chosen')
  if (where === 'header' && SECRET.test(name))
    return wrong('is a header for a secret: that goes along by its credential_id')
  if ((where === 'body' || where === 'whole') && isRead(action.method))
    return wrong(`cannot be in the body: ${action.method} has none`)
  return []
}

function findBodyIssues(places: Places): Issue[] {
  const whole = places.filter(([, place]) => place.in === 'whole')
  if (whole.length === 0) return []
  const [first] = whole
  const isAlone = whole.length === 1 && !places.some(([, place]) => place.in === 'body')
  return isAlone ? [] : [{ path: `/places${pointTo(first?.[0] ?? '')}`, message: 'must be the body alone' }]
}

/** Whether a header of an imported document may become a parameter. */
export function isSayableHeader(name: string): boolean {
  return isFreeHeader(name) && !SECRET.test(name)
}
