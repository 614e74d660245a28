namespace db;

entity Items {
  key id       : Integer;
      name     : String;
      price    : Double;
      note     : String;
      big      : String;
      created  : Timestamp;
      modified : Timestamp;
      author   : Integer;
}
