import { consentInTongues } from './tongues.ts'

const YES =
  /^(?:(?:but|then|just|well)[\s,]+)*(?:yes|yeah|yep|yup|sure|ok|okay|all right|alright|please do|do it|go ahead|go on|confirm|confirmed|correct|right|of course|absolutely|definitely|y)(?:[\s,.!]+(?:please|do it|go ahead|go on|(?:make|create) it|do|thanks|thank you))*[\s.!]*$/iu
const NO =
  /^(?:(?:um|hmm+|oh|er|wait|hold on)[\s,.!]+)*(?:no|nope|nah|cancel|never ?mind|forget (?:it|that)|don'?t|do not|not (?:that|this|now|today|yet|really)(?: one)?|rather not|skip (?:it|that)|stop|abort|leave it|call it off|wait|hold on|n)(?:[\s,.!]+(?:thanks|thank you|please|don'?t|do not|it|that|do that|wait|never ?mind|not (?:that|this)(?: one)?|leave it))*[\s.!]*$/iu

/** Longer than this it says more than yes or no. */
const CHARACTERS_MAX = 200

/** How a reply answers "shall I?". */
export function readConsent(text: string): 'yes' | 'no' | undefined {
  if (text.length > CHARACTERS_MAX) return undefined
  const said = text.trim().replaceAll('’', "'")
  if (YES.test(said)) return 'yes'
  return NO.test(said) ? 'no' : consentInTongues(said)
}
