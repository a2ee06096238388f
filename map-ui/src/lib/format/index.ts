export * from './measure';
export * from './time';
