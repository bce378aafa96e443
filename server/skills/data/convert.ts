import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { action, shape } from '../skill.ts'
import { convertValue } from './units/convert.ts'

const Name = Type.String({ minLength: 1, maxLength: 60 })

export const convert = action({
  summary: 'Converts units, temperatures, times between cities, number bases and durations.',
  parameters: shape({
    value: Type.Union([Type.Number(), Type.String({ minLength: 1, maxLength: 256 })]),
    from: Name,
    to: Name,
  }),
  result: shape({ value: Type.Union([Type.Number(), Type.String()]), unit: Type.String() }),
  effect: 'read',
  pure: true,
  slots: { value: 'amount', from: 'unit', to: 'unit' },
  questions: {
    value: 'How much should I convert?',
    from: 'Which unit or city is that in?',
    to: 'Into which unit or city?',
  },
  phrases: [
    '(convert|change|turn|translate) {value} {from} (to|into|in) {to}',
    '(convert|change|turn|translate) {value} from {from} (to|into|in) {to}',
    '[what is|how much is|what are|how much are] {value} {from} (in|to|into|as) {to}',
    'how many {to} (is|are|make|makes) {value} {from}',
    'how many {to} [are|are there] (in|to) {value} {from}',
    '{value} {from} (is|are|makes|equals) how (many|much) {to}',
    '[i need] {value} {from} expressed (in|as) {to}',
    'give me {value} {from} (in|as) {to}',
    'how (far|long|big|large|much|heavy|tall|high|fast|hot|cold|warm|wide|deep) (is|are) {value} {from} in {to}',
    'what time is {value} {from} [time] in {to}',
    'what time is it in {to} (when|if) it is {value} in {from}',
    '(if|when) it is {value} in {from} what time is (it|that) in {to}',
    '(what is|when is) {value} in {from} (in|for) {to}',
    'convert {value} (to|into) {to}',
    'convert {from} (to|into) {to}',
  ],
  examples: [
    'convert 10 miles to kilometres',
    'how many grams are in half a pound',
    'what is 72 fahrenheit in celsius',
    '180 centimetres in feet',
    'how many cups is 500 millilitres',
    'the oven says 220 celsius, what is that in fahrenheit',
    'I weigh 11 stone, how much is that in kilos',
    'when it is noon in Madrid what time is it in Los Angeles',
    '8pm Sydney time in London',
    'how long is 400 minutes in hours and minutes',
    'change 65 mph into kilometres per hour',
    'turn 4 litres into gallons',
    'what does 3 acres come to in square metres',
    'is 30 psi the same as 2 bar, convert it',
    'my recipe needs 6 ounces of flour, how many grams',
    'the call is at 10:30 in Chicago, when is that in Berlin',
    'write 255 in hexadecimal',
    'binary 101101 to decimal please',
    'seventeen yards in metres',
    'how tall is 1.9 metres in feet',
    'how much is 12 gigabytes in megabytes',
    'what would 5000 seconds be in hours, minutes and seconds',
  ],
  perform: (can: Pick<Capabilities, 'clock'>, asked) => {
    const { value, unit, text } = convertValue(asked, can.clock)
    return { data: { value, unit }, text }
  },
})
