using db from '../db/schema';

service Shop @(path: '/odata/v4/shop', requires: 'any') {
  @readonly entity Items as projection on db.Items;
}
