import type { Answers } from '../../kernel/answers.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { RemoteCapability } from '../../skills/capabilities.ts'
import type { Crud } from './crud.ts'
import type { Executions } from './executions.ts'
import { openHops } from './messages/hops.ts'
import { openMail } from './messages/mail.ts'
import type { Mail } from './messages/mail.ts'
import { receiving } from './messages/receive.ts'
import { sending } from './messages/send.ts'
import { openLines } from './remote/lines.ts'
import { bindRemote } from './remote/perform.ts'
import { registering } from './remote/register.ts'
import type { Registry } from './remote/registry.ts'
import type { Grant, Skills } from './skills.ts'

interface Parts {
  kernel: Kernel
  executions: Executions
  skills: Skills
  registry: Registry
  crud: Crud
}

/** What agents say to each other, and the agents that are programs of their own. */
export interface Outside {
  answers: Answers
  mail: Mail
  bindRemote: (grant: Grant) => RemoteCapability
}

export function openOutside({ kernel, crud, ...parts }: Parts): Outside {
  const { registry } = parts
  const lines = openLines(kernel)
  const mail = openMail(kernel, lines)
  const hops = openHops(kernel.clock)
  registry.onEnd((_session, agent_id, why) => lines.drop(agent_id, why))
  return {
    mail,
    bindRemote: bindRemote(kernel, lines),
    answers: {
      ...sending({ kernel, ...parts, lines, mail, hops }),
      ...receiving({ lines, mail }),
      ...registering(kernel, { crud, registry }),
    },
  }
}
