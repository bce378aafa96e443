import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { sayCount, sentence } from '../say.ts'
import { action, shape } from '../skill.ts'
import { report } from './findings.ts'

/** Findings that are said aloud; the others are in the answer. */
const SAID = 2

export const security_report = action({
  summary: 'Tells how safe your account is, and what would make it safer.',
  parameters: shape({}),
  result: shape({
    findings: Type.Array(
      shape({
        severity: Type.Enum(['info', 'warning', 'critical']),
        text: Type.String(),
        advice: Type.String(),
      }),
    ),
    score: Type.Integer({ minimum: 0, maximum: 100 }),
  }),
  effect: 'read',
  phrases: [
    '[give me|make|show me] (a|the|my) security report',
    'security (report|check|audit|review|score)',
    'security_report',
    'how (safe|secure) (am i|is my account|is this server|is this)',
    'is (everything|my account|this server|it all) (safe|secure)',
    'am i (safe|secure)',
    'check (my|the) (security|safety|account security)',
    '(check|review) how (safe|secure) (my account|everything|this) is',
    'what is my security score',
    'how can i make my account (safer|more secure)',
  ],
  examples: [
    'is everything safe here',
    'is my account well protected',
    'do a security check of my account',
    'what should I do to be safer',
    'rate the security of my account',
    'are there any security problems with my login',
    'do I have enough backup codes',
    'is my passkey set up properly',
    'could somebody get into my account',
    'give me a report on how secure this is',
    'how well is my account guarded',
    'any weak spots in my account',
    'what is my security score at the moment',
    'tell me about my security',
    'does anything about my account look unsafe',
    'how could I secure my account better',
  ],
  perform: async (can: Pick<Capabilities, 'guard'>, _parameters) => {
    const { findings, score } = report(await can.guard.security())
    const said = findings.slice(0, SAID).map(({ text }) => text)
    const more = findings.length - said.length
    const rest = more === 0 ? '' : ` There ${more === 1 ? 'is' : 'are'} ${sayCount(more, 'more finding')}.`
    return {
      data: { findings, score },
      text:
        findings.length === 0
          ? 'Nothing could be safer: 100 of 100 points.'
          : sentence(`Your account has ${score} of 100 points. ${said.join(' ')}${rest}`),
    }
  },
})
