using System.Text.Json;

namespace MMDetSharp.Data.Datasets;

/// <summary>Walks a JSON file token by token, so that a file of any length costs no objects of its own.</summary>
/// <remarks><see cref="Place"/> says which entry is being read; every error begins with file and place.</remarks>
internal ref struct JsonCursor
{
    private readonly string _path;
    private readonly ReadOnlySpan<byte> _text;
    private Utf8JsonReader _reader;
    private string _section = "";
    private int _entry;
    private long _id;
    private bool _hasId;
    private long _image;
    private bool _hasImage;

    internal JsonCursor(string path, ReadOnlySpan<byte> text)
    {
        _path = path;
        _text = text;
        _reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 256 });
    }

    /// <summary>The bytes of a file, without the mark some programs put before UTF-8.</summary>
    /// <exception cref="DatasetException">The file is missing or cannot be read.</exception>
    internal static ReadOnlyMemory<byte> ReadFile(string path, string whatToDo)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            return bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DatasetException($"{path}: the file does not exist. {whatToDo}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path}: the file cannot be read: {e.Message} {whatToDo}", e);
        }
    }

    /// <summary>Begins a list of the file; <see cref="Place"/> counts its entries.</summary>
    internal void EnterSection(string name)
    {
        _section = name;
        _entry = -1;
        _hasId = false;
        _hasImage = false;
    }

    /// <summary>The id of the entry being read, once it is known.</summary>
    internal void EntryIs(long id)
    {
        _id = id;
        _hasId = true;
    }

    /// <summary>The image that the entry being read belongs to, once it is known.</summary>
    internal void EntryIsOfImage(long id)
    {
        _image = id;
        _hasImage = true;
    }

    /// <summary>Where we are, in words a person finds again in the file.</summary>
    internal readonly string Place =>
        _section.Length == 0 ? "" : _entry < 0 ? $"{_section}: "
        : (_hasId ? $"{_section} {_id}" : $"{_section} entry {_entry} (counted from 0)")
        + (_hasImage ? $" of image {_image}: " : ": ");

    internal readonly JsonTokenType Token => _reader.TokenType;

    /// <summary>The next token; the file must not end here.</summary>
    internal void Next()
    {
        if (!_reader.Read())
        {
            throw Error("the file ends too early", "It is truncated: copy or download it again.");
        }
    }

    /// <summary>The next token must open an object.</summary>
    internal void BeginObject(string what)
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            throw Error($"{what} must be an object {{...}}, found {Found()}", "Write it as COCO's format does.");
        }
    }

    /// <summary>The current token must open a list.</summary>
    internal void BeginArray(string what)
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            throw Error($"{what} must be a list [...], found {Found()}", "Write it as COCO's format does.");
        }
    }

    /// <summary>Moves to the next entry of a list, or past its end.</summary>
    internal bool NextEntry()
    {
        Next();
        _entry++;
        _hasId = false;
        _hasImage = false;
        return _reader.TokenType != JsonTokenType.EndArray;
    }

    /// <summary>Moves to the next property name of an object, or past its end.</summary>
    internal bool NextProperty()
    {
        Next();
        return _reader.TokenType != JsonTokenType.EndObject;
    }

    internal readonly bool NameIs(ReadOnlySpan<byte> name) => _reader.ValueTextEquals(name);

    /// <summary>Jumps over the value of the current property.</summary>
    internal void SkipValue()
    {
        Next();
        _reader.Skip();
    }

    internal long ReadInteger(string what)
    {
        Next();
        if (_reader.TokenType == JsonTokenType.Number)
        {
            if (_reader.TryGetInt64(out var value))
            {
                return value;
            }

            var real = _reader.GetDouble();
            if (real == Math.Floor(real) && Math.Abs(real) < 1L << 53)
            {
                return (long)real;
            }
        }

        throw Error($"{what} must be an integer, found {Found()}", "Mend the entry.");
    }

    internal double ReadNumber(string what)
    {
        Next();
        return Number(what);
    }

    /// <summary>A flag as the field writes it: 0, 1, true, false or null.</summary>
    internal bool ReadFlag(string what)
    {
        Next();
        return _reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False or JsonTokenType.Null => false,
            _ => Number(what) != 0,
        };
    }

    internal string ReadText(string what)
    {
        Next();
        return _reader.TokenType == JsonTokenType.String
            ? _reader.GetString()!
            : throw Error($"{what} must be a text in quotes, found {Found()}", "Mend the entry.");
    }

    /// <summary>A box of four finite numbers: x, y, width, height.</summary>
    internal (double X, double Y, double Width, double Height) ReadBox()
    {
        Next();
        BeginArray("bbox");
        var x = ReadNumber("bbox[0]");
        var y = ReadNumber("bbox[1]");
        var width = ReadNumber("bbox[2]");
        var height = ReadNumber("bbox[3]");
        Next();
        return _reader.TokenType == JsonTokenType.EndArray
            ? (x, y, width, height)
            : throw Error("bbox must hold four numbers [x, y, width, height], found more", "Mend the entry.");
    }

    /// <summary>Nothing may follow the first value.</summary>
    internal void EndOfFile()
    {
        if (_reader.Read())
        {
            throw Error($"the file must end here, found {Found()}", "Remove what follows.");
        }
    }

    internal readonly DatasetException Error(string problem, string whatToDo) =>
        new($"{_path}: {Place}{problem}. {whatToDo}");

    /// <summary>The clear form of what the parser says.</summary>
    internal readonly DatasetException Explain(JsonException cause)
    {
        var line = (cause.LineNumber ?? 0) + 1;
        var column = (cause.BytePositionInLine ?? 0) + 1;
        var rest = _text[(int)Math.Min(_reader.BytesConsumed, _text.Length)..].TrimStart(" \r\n\t,:["u8);
        if (_text.TrimStart(" \r\n\t"u8).IsEmpty)
        {
            return new DatasetException($"{_path}: the file must be JSON, but it is empty. Copy it again.", cause);
        }

        if (rest.StartsWith("NaN"u8) || rest.TrimStart((byte)'-').StartsWith("Infinity"u8))
        {
            return new DatasetException(
                $"{_path}:{line}: {Place}numbers must be finite, found NaN or Infinity at column {column}. "
                + "Mend or remove the entry.", cause);
        }

        return Offset(line - 1, column - 1) >= _text.TrimEnd(" \r\n\t"u8).Length
            || cause.Message.Contains("reached end of data", StringComparison.Ordinal)
            ? new DatasetException(
                $"{_path}:{line}: {Place}the file ends in the middle of a value. It is truncated: "
                + "copy or download it again.", cause)
            : new DatasetException(
                $"{_path}:{line}: {Place}the file must be JSON, which it is not at column {column}"
                + $"{Excerpt(rest)}. Mend it, or check that this is the right file.", cause);
    }

    /// <summary>Where a line and a column, both from 0, lie in the text.</summary>
    private readonly long Offset(long line, long column)
    {
        var start = 0;
        for (; line > 0; line--)
        {
            start += _text[start..].IndexOf((byte)'\n') + 1;
        }

        return start + column;
    }

    private static string Excerpt(ReadOnlySpan<byte> rest)
    {
        var shown = rest[..Math.Min(rest.Length, 20)];
        var end = shown.IndexOfAny((byte)'\n', (byte)'\r');
        return $": '{System.Text.Encoding.UTF8.GetString(end >= 0 ? shown[..end] : shown)}'";
    }

    private readonly double Number(string what)
    {
        if (_reader.TokenType == JsonTokenType.Number && _reader.TryGetDouble(out var value) && double.IsFinite(value))
        {
            return value;
        }

        throw Error($"{what} must be a finite number, found {Found()}", "Mend or remove the entry.");
    }

    private readonly string Found() => _reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.EndArray => "the end of the list",
        JsonTokenType.EndObject => "the end of the object",
        JsonTokenType.Null => "null",
        JsonTokenType.String => $"'{_reader.GetString()}'",
        _ => System.Text.Encoding.UTF8.GetString(_reader.ValueSpan),
    };
}
