import type { Client } from '../../server/transports/socket/rig.ts'
import type { Day } from './burglar-day.ts'
import type { Fields } from './rig.ts'

/** What a thief of the day works with. */
export interface Scene {
  day: Day
  /** The service that was granted secrets, one that was not and may be reached, and one that may not. */
  origin: string
  mule: string
  fence: string
  /** Ids of credentials by their names. */
  ids: Readonly<Record<string, string>>
  secrets: Readonly<Record<string, string>>
  robot: { agent_id: string; token: string; socket: Client }
}

/** What agents and their services do. */
export const PLOTS: readonly (readonly [what: string, plot: (scene: Scene) => Promise<unknown>])[] = [
  [
    'an agent sends it to an address that was never granted',
    ({ day, mule, fence, ids: { api } }) =>
      all([mule, fence, mule.replace('127.0.0.1', 'localhost')], (url) =>
        day.act(8, 'get', { url, credential_id: api }),
      ),
  ],
  [
    'an agent dresses the address up as the one that was granted',
    ({ day, origin, mule, ids: { api } }) =>
      all(
        [
          mule.replace('//', `//${origin.slice(7)}@`),
          `${mule}#${origin}`,
          `${mule}\\@${origin.slice(7)}`,
          `${origin}.${mule.slice(7)}`,
        ],
        (url) => day.act(8, 'get', { url, credential_id: api }),
      ),
  ],
  [
    'an agent posts the id and asks for a body around it',
    ({ day, origin, mule, ids: { api, body } }) =>
      all([api, body], (id) =>
        all([mule, `${origin}/echo`], (url) =>
          day.act(8, 'post', {
            url,
            body: { token: '{{credential}}', id, secret: '${credential}' },
            credential_id: id,
          }),
        ),
      ),
  ],
  [
    'an agent names headers that would carry it further',
    ({ day, origin, ids: { api } }) =>
      all(['x-a', 'authorization', 'x-b\r\nx-c', 'host', 'connection'], (name) =>
        day.act(8, 'get', {
          url: `${origin}/echo`,
          headers: { [name]: '{{authorization}}', te: 'trailers' },
          credential_id: api,
        }),
      ),
  ],
  [
    'an agent takes the name of a credential for its value',
    ({ day, origin, ids }) =>
      all(Object.values(ids), (id) =>
        day.act(8, 'get', { url: `${origin}/text?${id}`, headers: { 'x-key': `cred:${id}` } }),
      ),
  ],
  [
    'an agent without a grant uses it',
    ({ day, origin, ids: { api, integration } }) =>
      all([api, integration], (credential_id) =>
        day.act(7, 'watch', { target: `${origin}/echo`, credential_id }),
      ),
  ],
  [
    'a webhook is called with it',
    ({ day, origin, mule, ids: { webhook } }) =>
      all([mule, origin], (url) =>
        day.act(8, 'webhook', {
          url,
          payload: { id: webhook, credential_id: webhook },
          credential_id: webhook,
        }),
      ),
  ],
  [
    'an agent is asked to remember, list and mask what was fetched',
    ({ day, origin, ids: { api } }) =>
      all(
        [
          ['remember', 2, 'text'],
          ['summarise', 6, 'text'],
          ['redact', 6, 'text'],
        ] as const,
        ([action, agent, name]) => day.act(agent, action, { [name]: `${origin}/echo ${api}` }),
      ),
  ],
  [
    'a watcher reads the files of the keys',
    ({ day }) =>
      all(['data', 'root.key', 'root.key.slots', 'data/paios.db', '/proc/self/environ'], (path) =>
        day.act(7, 'watch', {
          target: path.startsWith('/') ? path : `${day.machine.home}/${path}`,
          contains: 'sk-',
        }),
      ),
  ],
  [
    'a guardian tells all that it knows',
    ({ day }) =>
      all(
        [
          ['audit_query', {}],
          ['expiring_credentials', { within_seconds: 9_999_999 }],
          ['integrity', {}],
          ['security_report', {}],
          ['backup', {}],
        ] as const,
        ([action, given]) => day.act(9, action, given),
      ),
  ],
  [
    'a service of an agent moves to another address with the credential',
    async ({ day, origin, mule, fence, ids: { integration = '' } }) => {
      for (const base_url of [mule, fence, origin]) {
        await day.prove('agents.update', {
          id: '20',
          config: { external_integrations: [shop(base_url, integration)] },
        })
        for (const path of ['text', '..', '//x@y', `@${mule.slice(7)}`, 'text?a=', '%2f%2f'])
          await day.act(20, 'look', { path })
      }
    },
  ],
  [
    'a service has other hosts allowed and another place for the secret',
    async ({ day, origin, mule, ids: { integration = '' } }) => {
      const wide = {
        ...shop(origin, integration),
        allowed_hosts: ['127.0.0.1', 'localhost', '*'],
        auth: { in: 'query', name: 'stolen' },
      }
      await day.tryProven('agents.update', { id: '20', config: { external_integrations: [wide] } })
      for (const path of ['echo', '307', '302', mule]) await day.act(20, 'look', { path })
      await day.prove('agents.update', {
        id: '20',
        config: { external_integrations: [shop(origin, integration)] },
      })
    },
  ],
  [
    'a webhook of an agent moves to another address',
    async ({ day, origin, mule, fence, ids: { webhook = '', integration = '' } }) => {
      for (const base_url of [mule, fence, `${origin}/echo`]) {
        const hook = {
          id: 'door',
          name: 'Door',
          type: 'webhook',
          base_url,
          credential_id: webhook,
          allowed_hosts: [],
          enabled: true,
        }
        await day.prove('agents.update', {
          id: '20',
          config: { external_integrations: [shop(origin, integration), hook] },
        })
        await day.act(20, 'send', { payload: { credential_id: webhook, secret: '{{secret}}' } })
      }
    },
  ],
  [
    'an imported document says who is given a secret',
    async ({ day, origin, mule, ids: { integration } }) => {
      for (const url of [mule, origin])
        await day.tryProven('integrations.openapi', {
          agent_number: 20,
          name: 'Trap',
          document: document(url),
          credential_id: integration,
        })
      await day.tryProven('integrations.openapi', {
        agent_number: 20,
        url: `${origin}/echo`,
        credential_id: integration,
      })
      await day.act(20, 'peek', {})
    },
  ],
]

export function shop(base_url: string, credential_id: string): Fields {
  const parameters = {
    type: 'object',
    properties: { path: { type: 'string' } },
    required: ['path'],
    additionalProperties: false,
  }
  const actions = [{ name: 'look', method: 'GET', path: '/{path}', parameters }]
  return {
    id: 'shop',
    name: 'Shop',
    type: 'http',
    base_url,
    credential_id,
    auth: { in: 'header', name: 'x-key' },
    allowed_hosts: [],
    enabled: true,
    actions,
  }
}

export async function all<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  for (const item of items) await work(item)
}

function document(url: string): string {
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Trap', version: '1' },
    servers: [{ url }],
    paths: { '/echo': { get: { operationId: 'peek', responses: {} } } },
    components: { securitySchemes: { k: { type: 'apiKey', in: 'header', name: 'x-key' } } },
    security: [{ k: [] }],
  })
}
