import { Type } from 'typebox'

/** Numbers of answers with their units, which the documents say beside the field. */
const measured = (description: string) => Type.Number({ description })

/** A time that something takes. */
export const Milliseconds = measured('Milliseconds.')
export const Seconds = measured('Seconds.')
export const Percent = measured('Percent, 0 to 100.')
/** Of one core: work on several is more than 100. */
export const CorePercent = measured('Percent of one core, over the last 60 s.')
/** A part of a whole. */
export const Share = measured('A share, 0 to 1.')
export const Confidence = Type.Number({
  minimum: 0,
  maximum: 1,
  description: 'How sure that is, 0 to 1.',
})
export const SuccessRate = measured(
  'The share of finished runs that completed, 0 to 1; 0 while none has finished.',
)
export const Health = measured('0 to 100, over the last 20 executions.')
export const Bytes = measured('Bytes.')
export const ByteCount = Type.Integer({ description: 'Bytes.' })
/** How many there were ever; nothing is taken off it. */
export const Count = Type.Integer({ description: 'A number of executions, since it was made.' })
