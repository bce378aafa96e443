import { Type } from 'typebox'
import type { Action, SlotType } from '../../../skills/skill.ts'

/** How a spoken slot becomes a parameter: as the action says, or as its schema suggests. */
export function slotType(action: Action, name: string): SlotType {
  const { slots = {} } = action
  const { properties } = action.parameters
  // Users name slots too: "constructor" is a word like any other.
  const declared = Object.hasOwn(slots, name) ? slots[name] : undefined
  if (declared !== undefined) return declared
  const schema: unknown = Object.hasOwn(properties, name) ? properties[name] : undefined
  if (Type.IsArray(schema)) return 'items'
  return Type.IsNumber(schema) || Type.IsInteger(schema) ? 'number' : 'text'
}
