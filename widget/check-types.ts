/** Holds the types that pages are given (`voice-agent.d.ts`) against the sources; nothing here is ever run. */
import type { VoiceAgentElement } from './voice-agent/element.js';
import type { EventDetails } from './voice-agent/events.js';
import type { VoiceAgent, VoiceAgentEventMap } from './voice-agent.d.ts';

type Equal<Left, Right> =
  (<T>() => T extends Left ? 1 : 2) extends <T>() => T extends Right ? 1 : 2 ? true : false;
/** What browsers call; pages do not. */
type Callback = 'connectedCallback' | 'disconnectedCallback' | 'attributeChangedCallback';
/** The members that an element has beyond those of every HTML element. */
type Own<Element extends HTMLElement> = {
  [Name in Exclude<keyof Element, keyof HTMLElement | Callback>]: Element[Name];
};
type DeclaredDetails = {
  [Name in keyof VoiceAgentEventMap as Name extends `voice-agent:${infer Short}` ? Short : never]: VoiceAgentEventMap[Name]['detail'];
};
type Flat<Type> = { [Name in keyof Type]: Type[Name] };

export const members: Equal<Own<VoiceAgent>, Own<VoiceAgentElement>> = true;
export const events: Equal<Flat<DeclaredDetails>, Flat<EventDetails>> = true;
export const element: VoiceAgent = document.createElement('voice-agent');
