import type { Speaker } from '../rig.ts'

/** What is said, and what comes of it: the agent and action, and the answer. */
export type Turn = readonly [said: string, place: string, answer: string | RegExp]

/** Says sentences one after the other in a conversation of their own, and tells where each went and what was answered. */
export async function talk(
  { say, clock }: Pick<Speaker, 'say' | 'clock'>,
  sentences: readonly string[],
  name = sentences.join(),
): Promise<[place: string, answer: string][]> {
  const heard: [string, string][] = []
  for (const text of sentences) {
    const { agent_routing, intent, response } = await say(text, name.slice(0, 100))
    heard.push([`${agent_routing.target_agent ?? 0} ${intent.action}`, response.text])
    clock.advance(1_000)
  }
  return heard
}
