import type { Approval } from '../contract/approvals.ts'
import type { VoiceProcessed } from '../contract/voice.ts'
import { ApiFault, NoAnswer } from '../sdk/fault.ts'
import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer, Exit } from './exit.ts'
import { findSetupCode } from './place.ts'
import { dim, oneLine, visible } from './print.ts'
import { prompt, readAll } from './prompt.ts'
import { claim } from './setup.ts'
import { short } from './short.ts'

export interface AskOptions {
  language?: string
  conversation?: string
  /** Proves with the passkey of this machine, without asking, what a sentence needs a proof for. */
  yes?: boolean
}

/** Says a sentence, shows the answer, and at a terminal goes on as long as the server asks back. */
export async function ask(context: Context, words: readonly string[], options: AskOptions): Promise<Answer> {
  const sentence = await readSentence(context, words)
  await enter(context)
  return follow(context, await say(context, sentence, options), options)
}

/** Shows what became of a sentence, and at a terminal goes on as long as the server asks back. */
export async function follow(context: Context, first: VoiceProcessed, options: AskOptions): Promise<Answer> {
  const { io, interactive } = context
  let said = first
  for (;;) {
    const answer = { data: said, text: await toText(context, said), exit: exitOf(said) }
    if (said.details !== undefined && (await mayProve(context, said.details, options)))
      return proven(context, said, said.details)
    // What waits for an approval is followed up elsewhere.
    if (!interactive || !said.response.requires_followup || said.details !== undefined) return answer
    io.stdout.write(`${answer.text}\n`)
    const [reply = ''] = (await prompt(io, [{ text: '> ' }])) ?? []
    if (reply.trim() === '') {
      // The server must not take the next sentence for the answer.
      await say(context, 'no', options)
      return { ...answer, text: '' }
    }
    said = await say(context, reply, options)
  }
}

type Pending = NonNullable<VoiceProcessed['details']>

/** Whether a passkey of this machine is to prove what a sentence came to. */
async function mayProve(
  { keys, io, client, interactive }: Context,
  { approval_id: id }: Pending,
  { yes = false }: AskOptions,
): Promise<boolean> {
  if (keys.load().length === 0) return false
  if (yes) return true
  if (!interactive) return false
  const { impact_assessment } = await client.ask('approvals.get', { id })
  io.stdout.write(`${visible(impact_assessment)}\n`)
  const text = 'Approve it with the passkey of this machine? Type yes: '
  const [reply = ''] = (await prompt(io, [{ text }])) ?? []
  return /^y(?:es)?$/iu.test(reply.trim())
}

async function proven(context: Context, said: VoiceProcessed, { approval_id }: Pending): Promise<Answer> {
  const { approve } = await import('./approvals.ts')
  const approved = await approve(context, approval_id)
  const approval = approved.data as Approval
  // Who spoke a sentence wants to hear that it is done, and not the whole of what was changed.
  const text =
    approval.status === 'done' ? `Approved and done. ${visible(approval.impact_assessment)}` : approved.text
  return { ...approved, text, data: { ...said, approval } }
}

async function readSentence({ io }: Context, words: readonly string[]): Promise<string> {
  const isPiped = words[0] === '-' || (words.length === 0 && io.stdin.isTTY !== true)
  const sentence = (isPiped ? await readAll(io) : words.join(' ')).trim()
  if (sentence !== '') return sentence
  throw new Stop(EXIT.usage, 'Say what to do, such as: paios ask "remind me in ten minutes to stretch"')
}

/** A newcomer at the machine of a server that nobody uses yet claims it on the way. */
async function enter(context: Context): Promise<void> {
  const { io, client, tokens, interactive } = context
  const isNew = interactive && (await tokens.load()) === undefined
  if (!isNew || findSetupCode(io.environment, client.url) === undefined) return requireSignedIn(context)
  io.stderr.write('Nobody uses this server yet. With an e-mail address and a password it is yours.\n')
  await claim(context, {})
}

async function say(context: Context, sentence: string, options: AskOptions): Promise<VoiceProcessed> {
  const { language } = options
  return context.client.ask('voice.process', {
    text_fallback: sentence,
    ...(language === undefined ? {} : { language }),
    ...conversationOf(context, options),
  })
}

/** What a sentence belongs to. Without a name and a terminal, everything of this sign-in is one conversation. */
export function conversationOf(
  { io }: Pick<Context, 'io'>,
  { conversation }: AskOptions,
): { context?: { conversation_id: string } } {
  const conversation_id = conversation ?? io.terminal
  return conversation_id === undefined ? {} : { context: { conversation_id } }
}

function exitOf({ command_understood, agent_response }: VoiceProcessed): Exit {
  if (!command_understood) return EXIT.not_understood
  return agent_response?.success === false ? EXIT.failed : EXIT.done
}

async function toText(context: Context, said: VoiceProcessed): Promise<string> {
  const { response, agent_routing, intent, processing_ms } = said
  const suggestions = (response.suggestions ?? []).map((one) => `  ${oneLine(one)}`)
  const facts = [
    await nameOf(context, agent_routing),
    oneLine(agent_routing.reason).replace(/\.$/, ''),
    `${Math.round(intent.confidence * 100)} %`,
    `${Math.round(processing_ms)} ms`,
  ]
  return [
    visible(response.text),
    ...(suggestions.length === 0 ? [] : ['You could say:', ...suggestions]),
    ...(said.details === undefined ? [] : [howToApprove(context, said.details)]),
    dim(facts.join(' · '), context.io),
  ].join('\n')
}

function howToApprove({ keys }: Context, { approval_id }: Pending): string {
  const command = `paios approvals approve ${short(approval_id)}`
  return keys.load().length === 0
    ? `Where your passkey is: ${command}`
    : `With the passkey of this machine: ${command}\nTo approve at once next time: paios ask --yes`
}

async function nameOf({ client }: Context, routing: VoiceProcessed['agent_routing']): Promise<string> {
  const { target_agent, global_command } = routing
  if (target_agent === null) return global_command ? 'system' : 'no agent'
  try {
    const { name } = await client.ask('agents.get', { id: String(target_agent) })
    return `agent ${target_agent} ${oneLine(name)}`
  } catch (error) {
    // The sentence is done: a name that cannot be had must not make it look failed.
    if (error instanceof ApiFault || error instanceof NoAnswer) return `agent ${target_agent}`
    throw error
  }
}
