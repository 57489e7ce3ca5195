export * from '@bongtu/client/node'
