export * from './measure';
export * from './reason';
export * from './time';
