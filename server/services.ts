import type { AppOptions, Ground } from './app.ts'
import type { Agents } from './domains/agents/index.ts'
import type { Auth } from './domains/auth/index.ts'
import { openEgress } from './domains/egress/index.ts'
import { openIntegrations } from './domains/integrations/index.ts'
import { findPhraseProblem } from './domains/language/template.ts'
import { openMemory } from './domains/memory/index.ts'
import { openNotifications } from './domains/notifications/index.ts'
import { openSpeech } from './domains/speech/index.ts'
import { openVault } from './domains/vault/index.ts'
import type { Workflows } from './domains/workflows/index.ts'
import { PERFORMING, SKILLS } from './install.ts'
import { openWorkers } from './kernel/workers.ts'
import { system as systemSkill } from './skills/system/index.ts'

/** What is opened after what is here, and asked by it. */
interface Later {
  agents: () => Agents
  workflows: () => Pick<Workflows, 'hooks'>
}

/** What agents stand on: the way out, secrets, services and memory. The agents themselves are there when they are asked. */
export function openServices(
  ground: Ground,
  { clock, version, egress: bounds, recogniser: places }: AppOptions,
  { agents, workflows }: Later,
) {
  const { as, auth, zoneOf, changes, serverSettings } = ground
  const egress = openEgress(as('egress'), { ...bounds, version })
  const notifications = openNotifications(as('notifications'), { egress, settingsOf: wishesOf(auth, zoneOf) })
  const vault = openVault(as('vault'), {
    ...ground,
    notifications,
    agentOf: (tx, user_id, ref) => agents().find(tx, user_id, ref),
    namedBy: async (tx, user_id, id) => [
      ...(await agents().naming(tx, user_id, id)),
      ...(await workflows().hooks.naming(tx, user_id, id)),
    ],
    renewing: {
      renewers: (user_id) => integrations.renewing.renewers(user_id),
      renew: (...asked) => integrations.renewing.renew(...asked),
    },
    findDoubts: (...asked) => integrations.sending.findDoubts(...asked),
  })
  const workers = openWorkers(clock, new URL('worker.ts', import.meta.url))
  const integrations = openIntegrations(as('integrations'), {
    changes,
    vault,
    egress,
    workers,
    findPhraseProblem,
    performing: PERFORMING,
    sayable: [...SKILLS, systemSkill],
    agents: {
      known: (...asked) => agents().known(...asked),
      ownActions: (skill) => Object.keys(agents().skills.get(skill)?.actions ?? {}),
      foresee: (...asked) => agents().crud.foresee(...asked),
      update: (...asked) => agents().crud.update(...asked),
    },
  })
  const memory = openMemory(as('memory'), { changes })
  const owner = (): string => auth.owners()[0] ?? ''
  const speech = openSpeech(as('speech'), {
    egress,
    engines: () => serverSettings.read().speech.engines,
    owner,
    places,
    // Engines are asked on behalf of the owner, with what is granted to the concierge of theirs.
    lend: async (use) => {
      const concierge = (await agents().known(owner())).find(({ agent_number }) => agent_number === 1)
      return vault.lend({ user_id: owner(), agent_id: concierge?.id ?? '', ...use })
    },
  })
  return { egress, notifications, vault, workers, integrations, memory, speech }
}

/** What a user wants to be told, and in which zone. */
function wishesOf(auth: Pick<Auth, 'user'>, zoneOf: (user_id: string) => string) {
  return async (user_id: string) => {
    const user = await auth.user(user_id)
    return user && { settings: user.preferences.notification_settings, time_zone: zoneOf(user_id) }
  }
}
