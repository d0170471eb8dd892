import type { Millis } from '../../kit/clock.ts'

export const EXERCISE_STATES = ['gathering', 'running', 'ended'] as const
/** Gathering until the first step is shown. */
export type ExerciseState = (typeof EXERCISE_STATES)[number]

export const EXERCISE_REASONS = ['made', 'begun', 'moved-on', 'all-shown', 'ended-early'] as const
export type ExerciseReason = (typeof EXERCISE_REASONS)[number]

/** What is asked at each step but the last. */
export const QUESTIONS = ['look', 'call', 'tell'] as const
export type Question = (typeof QUESTIONS)[number]

export interface StepLine {
  /** When it happened. */
  at: Millis
  what: string
  text: string
}

/** What became known at one moment of the incident. */
export interface ExerciseStep {
  /** When it was known. */
  at: Millis
  lines: StepLine[]
}

/** A past incident that is shown piece by piece, so that people say what they would do before they know. */
export interface Exercise {
  id: string
  title: string
  incidentId: string | null
  facilitatorId: string
  facilitatorName: string
  steps: ExerciseStep[]
  state: ExerciseState
  reason: ExerciseReason
  since: Millis
  /** The step that is shown, counted from 1; 0 before the first. */
  step: number
  stepSince: Millis | null
  createdAt: Millis
  startedAt: Millis | null
  endedAt: Millis | null
}

export interface Participant {
  personId: string
  name: string
  joinedAt: Millis
}

export interface Answer {
  id: string
  step: number
  question: Question
  personId: string
  name: string
  text: string
  /** How long after the step was shown. */
  afterMs: Millis
  at: Millis
}
