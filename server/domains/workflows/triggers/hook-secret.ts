import { Fault } from '../../../kernel/fault.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { SECRET_PREFIX } from '../../../kernel/signing-key.ts'
import type { SigningSecret, Signing } from '../../vault/signing.ts'
import { credentialOf } from './secret.ts'
import type { TriggerRow } from './store.ts'

/** What a webhook says of its calls. */
export interface HookConditions {
  method?: string
  signed?: boolean
  /** Names the credential that calls are signed with, in place of the secret that is derived. */
  secret?: string
}

type Hook = Pick<TriggerRow, 'key' | 'user_id' | 'workflow_id'>

export interface HookSecrets {
  /** The secret of a webhook that is signed and names none of its own. */
  derived(key: string): string
  /**
   * What the calls of a webhook are held against; nothing where they need no signature.
   *
   * @throws Fault `SERVICE_UNAVAILABLE` when that cannot be told now: who sent it may send it again.
   */
  find(hook: Hook, conditions: HookConditions): Promise<string | undefined>
}

export function openHookSecrets(
  { keys, log }: Pick<Kernel, 'keys' | 'log'>,
  signing: Pick<Signing, 'open'>,
): HookSecrets {
  const made = (label: string): string =>
    SECRET_PREFIX + Buffer.from(keys.mac('webhook', label), 'base64url').toString('base64')
  const open = async ({ user_id, workflow_id }: Hook, credential_id: string): Promise<SigningSecret> => {
    try {
      return await signing.open(user_id, credential_id)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      log.error('the secret of a webhook cannot be opened', { workflow_id, credential_id, error })
      // What is wrong with the vault is not for strangers.
      throw new Fault('SERVICE_UNAVAILABLE', 'This webhook cannot take calls now.', undefined, {
        cause: error,
      })
    }
  }
  return {
    derived: (key) => made(`signature ${key}`),
    find: async (hook, { signed, secret }) => {
      const { key, workflow_id } = hook
      if (secret === undefined) return signed === true ? made(`signature ${key}`) : undefined
      const credential_id = credentialOf(secret)
      const opened =
        credential_id === undefined ? { problem: 'is not named' } : await open(hook, credential_id)
      if ('secret' in opened) return opened.secret
      const { problem } = opened
      log.warn('a webhook takes no calls: its credential signs nothing', {
        workflow_id,
        credential_id,
        problem,
      })
      // Nobody has this one, so that whoever calls is told what is told of every wrong signature.
      return made(`nobody ${key}`)
    },
  }
}
