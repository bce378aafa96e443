import { Type } from 'typebox'
import { sayList } from '../say.ts'
import { action, shape } from '../skill.ts'
import { TEXT_CHARACTERS_MAX } from './bounds.ts'
import { redactSecrets } from './secrets/redact.ts'
import type { SecretKind } from './secrets/redact.ts'
import { withResult } from './spoken.ts'

const NAMES: Readonly<Record<SecretKind, readonly [one: string, many: string]>> = {
  credentials: ['sign-in in a link', 'sign-ins in links'],
  email: ['e-mail address', 'e-mail addresses'],
  iban: ['bank account number', 'bank account numbers'],
  card: ['card number', 'card numbers'],
  ip: ['IP address', 'IP addresses'],
  phone: ['phone number', 'phone numbers'],
}

const Found = shape({
  kind: Type.Enum(['credentials', 'email', 'iban', 'card', 'ip', 'phone']),
  count: Type.Integer(),
})

export const redact = action({
  summary: 'Masks e-mail addresses, phone, card and account numbers, IP addresses and passwords in links.',
  parameters: shape({ text: Type.String({ minLength: 1, maxLength: TEXT_CHARACTERS_MAX }) }),
  result: shape({ text: Type.String(), found: Type.Array(Found) }),
  effect: 'read',
  pure: true,
  slots: { text: 'passage' },
  questions: { text: 'Which text should I redact?' },
  phrases: [
    '(redact|anonymise|anonymize|censor) [this|the following] [text|message|email] [for me] [please] {text}',
    '(mask|hide|remove|black out) [any|the] (personal|private) (data|details|info) in [this] {text}',
    '(strip|take) out [any|the] (personal|private) (data|details|info) (in|from) [this] {text}',
    '(mask|hide|remove|black out) [any|the] (phone numbers|emails|email addresses|card numbers) (in|from|here|in this) {text}',
    'make (this|the following) [text|message] safe to (share|post|publish|send) [publicly] {text}',
    '(clean|scrub) [the] (personal|private|sensitive) (data|details|info) (out of|from) [this] {text}',
    'share (this|the following) without [any|the] (personal|private|sensitive|contact) (data|details|info) {text}',
  ],
  examples: [
    'redact this message before I forward it',
    'hide the email addresses in the following text',
    'anonymise this for the forum',
    'mask all card numbers please',
    'take the phone number out of this: ring Lena on 030 1234567 tonight',
    'black out anything private in here',
    'can I share this log? remove the IP addresses first',
    'strip personal data from this paragraph',
    'censor the bank details: pay to AT61 1904 3002 3473 2011',
    'clean this text of contact details',
    'make this chat safe to publish',
    'remove passwords and mails from this config',
    'I want to post this support ticket without anyone being identifiable',
    'scrub the sensitive bits',
    'please blank out the numbers people could call',
    'get rid of private information in what I pasted',
    'sanitise this before it goes online',
  ],
  perform: (_can, { text }) => {
    const data = redactSecrets(text)
    if (data.found.length === 0) return { data, text: 'I found nothing to redact in that text.' }
    const said = data.found.map(({ kind, count }) =>
      count === 1 ? `1 ${NAMES[kind][0]}` : `${count} ${NAMES[kind][1]}`,
    )
    return { data, text: withResult(`I masked ${sayList(said)}`, data.text) }
  },
})
