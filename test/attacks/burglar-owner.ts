import { operations } from '../../contract/index.ts'
import type { OperationName } from '../../contract/index.ts'
import { toRequest } from '../../sdk/request.ts'
import type { Day } from './burglar-day.ts'
import type { Scene } from './burglar-plots.ts'
import { dataOf } from './rig.ts'
import type { Answered, Fields } from './rig.ts'

/** What the user does clumsily with a secret, or somebody who has only the password. */
export const CLUMSY: readonly (readonly [what: string, plot: (scene: Scene) => Promise<unknown>])[] = [
  [
    'a secret is stored in requests that are refused',
    async ({ day, secrets: { refused = '' } }) => {
      const good = {
        service_name: 'Refused',
        credential_type: 'api_key',
        credential_data: { value: refused },
      }
      const wrong = [
        { ...good, credential_type: refused },
        { ...good, credential_data: refused },
        { ...good, credential_data: { value: refused, secret: refused } },
        { ...good, credential_data: { value: [refused] } },
        { ...good, secret: refused },
        { ...good, metadata: { expires_at: refused } },
        { ...good, service_name: '' },
        { ...good, credential_data: { value: refused.repeat(2_000) } },
      ]
      for (const input of wrong) {
        await day.http('POST /api/credentials', input)
        await day.tryProven('credentials.store', input)
      }
      await day.http('POST /api/credentials', good)
      await day.http('POST /api/credentials', `{"credential_data": {"value": "${plain(refused)}"}, oops`)
      await day.http('POST /api/credentials', `{"value": "a", "value": ${JSON.stringify(refused)}}`)
      await day.http('POST /api/credentials', plain(refused), { 'content-type': 'text/plain' })
      await day.http(
        'POST /api/credentials',
        { ...good },
        { 'x-biometric-proof': encodeURIComponent(refused) },
      )
    },
  ],
  [
    'a secret is in an address',
    async ({ day, secrets: { refused = '' } }) => {
      const said = encodeURIComponent(refused)
      for (const line of [
        `GET /api/credentials?value=${said}`,
        `POST /api/credentials?api_key=${said}`,
        `GET /api/credentials/${said}`,
        `GET /api/agents/20?token=${said}`,
      ])
        await day.http(line, line.startsWith('POST') ? {} : undefined)
    },
  ],
  [
    'a secret waits for an approval, is approved, and denied',
    async ({ day, secrets: { approved = '', denied = '', robot = '' } }) => {
      const wait = async (name: OperationName, input: Fields) =>
        dataOf<{ approval_id: string }>(await later(day, name, input)).approval_id
      const first = await wait('credentials.store', store(approved))
      const second = await wait('credentials.store', store(denied))
      await wait('agents.update', { id: '20', config: { api_keys: { waits: robot } } })
      for (const id of [first, second]) await day.http(`GET /api/approvals/${id}`)
      await day.prove('approvals.approve', { id: first })
      await day.http(`POST /api/approvals/${second}/deny`, {})
    },
  ],
  [
    'a secret is in a change of the system, tried, done and taken back',
    async ({ day, secrets: { modified = '' } }) => {
      const change = {
        type: 'agent_config',
        description: 'A key',
        target: { kind: 'agent', id: '20' },
        after_state: { config: { api_keys: { changed: modified } } },
      }
      await day.prove('system.modify', { ...change, dry_run: true })
      await day.prove('system.modify', change)
      await day.tryProven('system.modify', {
        ...change,
        after_state: { config: { api_keys: { [modified]: modified, 'a b': 7 } } },
      })
      await day.prove('system.rollback', {})
      await day.prove('system.modify', change)
    },
  ],
  [
    'a secret is in what is brought in',
    async ({ day, secrets: { imported = '' } }) => {
      const agent = { agent_number: 40, name: 'Brought', config: { api_keys: { own: imported } } }
      for (const dry_run of [true, false]) await day.tryProven('account.import', { agents: [agent], dry_run })
    },
  ],
  [
    'a secret is in a configuration that is refused',
    async ({ day, secrets: { refused = '' } }) => {
      for (const config of [
        { api_keys: { ['x'.repeat(70)]: refused } },
        { api_keys: { own: refused }, voice_commands: 7 },
        { api_keys: refused },
        { api_keys: { own: `cred:${refused}` } },
      ])
        await day.tryProven('agents.update', { id: '20', config })
    },
  ],
  [
    'somebody who has the password alone asks to see them',
    async ({ day, ids }) => {
      // One is enough: only so many may wait for an approval at once.
      await day.http(`GET /api/credentials/${ids['api']}`, undefined, { 'x-approval': 'request' })
      for (const id of Object.values(ids)) {
        await day.http(`GET /api/credentials/${id}`)
        await day.http('POST /api/credentials/verify', { credential_id: id })
      }
    },
  ],
  [
    'a proof for one credential is used for another',
    async ({ day, ids: { api = '', password = '' } }) => {
      const asked = { purpose: 'operation', operation: 'credentials.get', input: { id: api } }
      const challenge = await day.http('POST /api/auth/biometric/challenge', asked)
      const proof = Buffer.from(JSON.stringify(dataOf(challenge))).toString('base64url')
      await day.http(`GET /api/credentials/${password}`, undefined, { 'x-biometric-proof': proof })
    },
  ],
  [
    'secrets are changed, brought back, tried and given a new key',
    async ({ day, secrets: { next = '' }, ids: { api = '' } }) => {
      await day.prove('credentials.update', { id: api, credential_data: { value: next } })
      await day.prove('credentials.restore', { credential_id: api })
      await day.prove('credentials.verify', { credential_id: api })
      await day.prove('credentials.rotate', {})
      await day.prove('credentials.update', { id: api, credential_data: { value: next } })
    },
  ],
]

function store(value: string): Fields {
  return {
    service_name: 'Waits',
    credential_type: 'api_key',
    credential_data: { value, additional_fields: { more: value } },
  }
}

/** JSON of a text without its quotes would be cut at them; what is malformed on purpose stays readable. */
function plain(secret: string): string {
  return secret.replaceAll(/["\\]/g, '')
}

function later(day: Day, name: OperationName, input: Fields): Promise<Answered> {
  const { method, path, body } = toRequest(operations[name], input)
  return day.http(`${method} ${path}`, body, { 'x-approval': 'request' })
}
