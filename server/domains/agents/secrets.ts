import type { AgentConfig } from '../../../contract/agents.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { Kept } from '../vault/kept.ts'

type ApiKeys = AgentConfig['api_keys']

/** How a configuration names a stored credential in the place of its secret. */
const REFERENCE = /^cred:(.+)$/
/** How one begins that was read back. */
const MASKED = /^\*{4}/
const NAMED_MAX = 50
const NAME_MAX = 64

interface Given {
  user_id: string
  agent_number: number
  /** The references of the agent as it is. */
  before: ApiKeys
  given: ApiKeys
}

/**
 * The references that an agent keeps in the place of its secrets: a masked value keeps what is there, an empty one takes
 * it away, `cred:<id>` refers to a stored credential, and anything else is a new secret, which goes into the vault.
 *
 * @throws Fault `AGENT_CONFIG_INVALID` that names what is wrong.
 */
export async function keepSecrets(
  kept: Pick<Kept, 'keep' | 'has' | 'mask'>,
  tx: Tx,
  { user_id, agent_number, before, given }: Given,
): Promise<ApiKeys> {
  const keys = new Map(Object.entries(before))
  if (new Set([...keys.keys(), ...Object.keys(given)]).size > NAMED_MAX)
    throw invalid('', `there are more than ${NAMED_MAX}`)
  for (const [name, value] of Object.entries(given)) {
    const [, id] = REFERENCE.exec(value) ?? []
    if (value === '') keys.delete(name)
    else if (value.trim() === '' || /^cred:\s*$/u.test(value))
      throw invalid(name, 'is no secret and names none')
    else if (id !== undefined && !kept.has(tx, user_id, id))
      throw invalid(name, 'there is no such credential')
    else if (id !== undefined) keys.set(name, value)
    else if (MASKED.test(value)) {
      const [, kept_id = ''] = REFERENCE.exec(keys.get(name) ?? '') ?? []
      if (kept_id === '' || kept.mask(user_id, kept_id) !== value)
        throw invalid(name, 'is masked, and is not what stands there')
    } else keys.set(name, `cred:${await kept.keep(tx, user_id, `${name} (agent ${agent_number})`, value)}`)
  }
  return Object.fromEntries(keys)
}

/** The same of a change that is only looked at: nothing is stored, and no secret goes on. */
export function foreseeSecrets(before: ApiKeys, given: ApiKeys): ApiKeys {
  const keys = new Map(Object.entries(before))
  for (const [name, value] of Object.entries(given)) {
    if (value === '') keys.delete(name)
    else if (!MASKED.test(value)) keys.set(name, REFERENCE.test(value) ? value : 'cred:new')
  }
  return Object.fromEntries(keys)
}

/** What is shown of references. */
export function maskSecrets(kept: Pick<Kept, 'mask'>, user_id: string, keys: ApiKeys): ApiKeys {
  return Object.fromEntries(
    Object.entries(keys).map(([name, value]) => [name, kept.mask(user_id, value.replace(REFERENCE, '$1'))]),
  )
}

/** The credentials that a configuration names. */
export function credentialsIn(
  config: Partial<Pick<AgentConfig, 'api_keys' | 'external_integrations'>>,
): string[] {
  const keys = Object.values(config.api_keys ?? {}).map((value) => value.replace(REFERENCE, '$1'))
  const integrations = (config.external_integrations ?? []).flatMap(
    ({ credential_id }) => credential_id ?? [],
  )
  return [...new Set([...keys, ...integrations])]
}

/** @throws Fault for a name that cannot be one, before anything is stored. */
export function checkSecretNames(keys: ApiKeys): void {
  for (const name of Object.keys(keys))
    if (name === '' || name.length > NAME_MAX)
      throw invalid(name.slice(0, NAME_MAX), `has a name that is not 1 to ${NAME_MAX} characters long`)
}

function invalid(name: string, why: string): Fault {
  const path = `/config/api_keys/${name}`
  return new Fault('AGENT_CONFIG_INVALID', `${path}: ${why}.`, {
    field: 'config.api_keys',
    issues: [{ path, message: why }],
  })
}
