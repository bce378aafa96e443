import type { SystemModification } from '../../../../contract/system.ts'
import type { Input, Output } from '../../../../contract/operation.ts'
import type { voice } from '../../../../contract/voice.ts'
import type { Reply } from '../../../transports/dispatch.ts'
import type { Speaker } from '../rig.ts'

type Samples = Input<typeof voice.train>['samples']

/** A sample of a sentence. */
export function sample(text: string, agent_number: number, action: string): Samples[number] {
  return { text, agent_number, action }
}

/** Sentences of a household that no agent knows, all of which mean one action. */
export const VACUUM = [
  'vacuum downstairs',
  'vacuum the bedroom',
  'vacuum upstairs please',
  'vacuum under the sofa',
  'vacuum the stairs',
  'vacuum the hall',
].map((text) => sample(text, 4, 'add'))

export function train(
  { call, token }: Pick<Speaker, 'call' | 'token'>,
  samples: Samples,
  as = token,
): Promise<Reply> {
  return call(as, 'voice.train', { samples })
}

/** Trains and expects it to go well. */
export async function trained(
  speaker: Pick<Speaker, 'call' | 'token'>,
  samples: Samples,
): Promise<Output<typeof voice.train>> {
  const reply = await train(speaker, samples)
  if (!reply.ok) throw new Error(JSON.stringify(reply.error))
  return reply.data as Output<typeof voice.train>
}

/** The change of that id. */
export async function change({ ask, token }: Speaker, id: string): Promise<SystemModification | undefined> {
  const { modifications } = await ask(token, 'system.modifications', {})
  return modifications.find((one) => one.id === id)
}

/** What a sentence means, as `tier agent action`. */
export async function gist({ app, user_id }: Speaker, text: string, of = user_id): Promise<string> {
  const around = { now: 0, time_zone: 'Europe/Berlin', wake_words: [] }
  const heard = { text, ...around, active_agent: undefined, only_agent: undefined }
  const { tier, meaning } = await app.language.understand(of, heard)
  return `${tier} ${meaning?.agent_number} ${meaning?.name}`
}
