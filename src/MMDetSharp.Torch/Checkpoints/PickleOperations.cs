using System.Globalization;
using System.Numerics;
using System.Text;

namespace MMDetSharp.Torch.Checkpoints;

/// <summary>The operations of pickles by their byte (Python's <c>pickletools</c> names and explains each).</summary>
internal static class PickleOperations
{
    /// <summary>The byte that ends a pickle.</summary>
    internal const byte Stop = (byte)'.';

    private const int MaximumProtocol = 5;
    private const int MaximumIntegerBytes = 1024;

    private static readonly Action<PickleMachine>?[] Table = MakeTable();

    /// <summary>The operation of a byte, or null where there is none.</summary>
    internal static Action<PickleMachine>? Find(byte code) => Table[code];

    private static Action<PickleMachine>?[] MakeTable()
    {
        var table = new Action<PickleMachine>?[256];
        AddNumbers(table);
        AddTexts(table);
        AddCollections(table);
        AddStack(table);
        AddObjects(table);
        return table;
    }

    private static void AddNumbers(Action<PickleMachine>?[] table)
    {
        table['N'] = machine => machine.Push(StoredValue.None);
        table[0x88] = machine => machine.Push(true);
        table[0x89] = machine => machine.Push(false);
        table['J'] = machine => machine.Push(machine.Source.Int32());
        table['K'] = machine => machine.Push((int)machine.Source.Byte());
        table['M'] = machine => machine.Push(machine.Source.UInt16());
        table['G'] = machine => machine.Push(machine.Source.Double());
        table['I'] = IntegerLine;
        table['L'] = LongLine;
        table['F'] = FloatLine;
        table[0x8a] = machine => Long(machine, machine.Source.Byte());
        table[0x8b] = machine => Long(machine, machine.Source.Int32());
    }

    private static void AddTexts(Action<PickleMachine>?[] table)
    {
        table['S'] = machine => machine.Push(PickleText.Quoted(machine.Source, machine.Source.Line()));
        table['T'] = machine => machine.Push(machine.Source.OldString(machine.Source.Int32()));
        table['U'] = machine => machine.Push(machine.Source.OldString(machine.Source.Byte()));
        table['V'] = machine => machine.Push(PickleText.RawUnicode(machine.Source.Line(Encoding.Latin1)));
        table['X'] = machine => machine.Push(machine.Source.Text(machine.Source.UInt32()));
        table[0x8c] = machine => machine.Push(machine.Source.Text(machine.Source.Byte()));
        table[0x8d] = machine => machine.Push(machine.Source.Text(machine.Source.Length64()));
        table['B'] = machine => Bytes(machine, machine.Source.UInt32());
        table['C'] = machine => Bytes(machine, machine.Source.Byte());
        table[0x8e] = machine => Bytes(machine, machine.Source.Length64());
        table[0x96] = machine => Bytes(machine, machine.Source.Length64());
        table[0x97] = OutOfBand;
        table[0x98] = OutOfBand;
    }

    private static void AddCollections(Action<PickleMachine>?[] table)
    {
        table[']'] = machine => machine.Push(new StoredList());
        table['l'] = machine => machine.Push(new StoredList(machine.PopMark()));
        table[')'] = machine => machine.PushTuple(0);
        table['t'] = machine => machine.Push(new StoredList(machine.PopMark(), StoredSequenceKind.Tuple));
        table[0x85] = machine => machine.PushTuple(1);
        table[0x86] = machine => machine.PushTuple(2);
        table[0x87] = machine => machine.PushTuple(3);
        table['}'] = machine => machine.Push(new StoredDictionary());
        table['d'] = machine => machine.Push(machine.Fill([], machine.PopMark()));
        table[0x8f] = machine => machine.Push(new StoredList([], StoredSequenceKind.Set));
        table[0x91] = machine => machine.Push(new StoredList(machine.PopMark(), StoredSequenceKind.Set));
        table['a'] = machine => machine.Append([machine.Pop()]);
        table['e'] = machine => machine.Append(machine.PopMark());
        table[0x90] = machine => machine.Append(machine.PopMark());
        table['s'] = SetItem;
        table['u'] = machine => machine.SetItems(machine.PopMark());
    }

    private static void AddStack(Action<PickleMachine>?[] table)
    {
        table[0x80] = Protocol;
        table[0x95] = Frame;
        table['('] = machine => machine.Mark();
        table['0'] = machine => machine.Drop();
        table['1'] = machine => machine.PopMark();
        table['2'] = machine => machine.Push(machine.Peek());
        table['p'] = machine => machine.Remember(PlaceLine(machine));
        table['q'] = machine => machine.Remember(machine.Source.Byte());
        table['r'] = machine => machine.Remember(machine.Source.UInt32());
        table[0x94] = machine => machine.Memoize();
        table['g'] = machine => machine.Recall(PlaceLine(machine));
        table['h'] = machine => machine.Recall(machine.Source.Byte());
        table['j'] = machine => machine.Recall(machine.Source.UInt32());
    }

    private static void AddObjects(Action<PickleMachine>?[] table)
    {
        table['c'] = machine => machine.Push(machine.Source.Global(machine.Source.Line(), machine.Source.Line()));
        table[0x93] = StackGlobal;
        table['P'] = machine => machine.Persistent(machine.Source.Line());
        table['Q'] = machine => machine.Persistent(machine.Pop());
        table['R'] = CallTop;
        table[0x81] = CallTop;
        table[0x92] = CallWithKeywords;
        table['i'] = machine => machine.Call(
            machine.Source.Global(machine.Source.Line(), machine.Source.Line()),
            new StoredList(machine.PopMark(), StoredSequenceKind.Tuple));
        table['o'] = CallMarked;
        table['b'] = machine => machine.Build(machine.Pop());
        table[0x82] = machine => Extension(machine, machine.Source.Byte());
        table[0x83] = machine => Extension(machine, machine.Source.UInt16());
        table[0x84] = machine => Extension(machine, machine.Source.Int32());
    }

    private static void Protocol(PickleMachine machine)
    {
        var version = machine.Source.Byte();
        if (version > MaximumProtocol)
        {
            throw machine.Source.Fail($"the pickle protocol must be at most {MaximumProtocol}, found {version}");
        }
    }

    private static void Frame(PickleMachine machine)
    {
        var length = machine.Source.Length64();
        if (length > machine.Source.Left)
        {
            throw CheckpointFiles.Truncated(
                machine.Source.Path,
                $"expected {length} bytes at {machine.Source.Position}, found {machine.Source.Left}");
        }
    }

    // Protocol 0 writes truth values as 00 and 01.
    private static void IntegerLine(PickleMachine machine)
    {
        var line = machine.Source.Line();
        machine.Push(line is "00" or "01" ? line == "01" : ParseInteger(machine, line));
    }

    private static void LongLine(PickleMachine machine) =>
        machine.Push(ParseInteger(machine, machine.Source.Line().TrimEnd('L')));

    private static StoredValue ParseInteger(PickleMachine machine, string line) =>
        line.Length <= MaximumIntegerBytes
            && BigInteger.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? PickleMachine.Integer(value)
            : throw machine.Source.Fail("a line must hold a whole number");

    private static void FloatLine(PickleMachine machine) => machine.Push(
        double.TryParse(machine.Source.Line(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw machine.Source.Fail("a line must hold a number"));

    private static void Long(PickleMachine machine, int length)
    {
        if (length is < 0 or > MaximumIntegerBytes)
        {
            throw machine.Source.Fail($"a whole number must have 0 to {MaximumIntegerBytes} bytes, found {length}");
        }

        machine.Push(PickleMachine.Integer(machine.Source.Bytes(length)));
    }

    private static void Bytes(PickleMachine machine, long length) =>
        machine.Push(new StoredScalar(machine.Source.Bytes(length).ToArray()));

    private static void OutOfBand(PickleMachine machine) =>
        throw machine.Source.Fail("the pickle's buffers are stored outside of it (protocol 5, out of band)");

    private static void Extension(PickleMachine machine, int code) =>
        throw machine.Source.Fail($"the extension code {code} is known only to the program that wrote it");

    private static long PlaceLine(PickleMachine machine) =>
        long.TryParse(machine.Source.Line(), NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            ? place
            : throw machine.Source.Fail("a line must hold the number of a value");

    private static void SetItem(PickleMachine machine)
    {
        var value = machine.Pop();
        var key = machine.Pop();
        machine.SetItems([key, value]);
    }

    private static void StackGlobal(PickleMachine machine)
    {
        var (name, module) = (machine.Pop(), machine.Pop());
        machine.Push(machine.Source.Global(module.AsString(), name.AsString()));
    }

    private static void CallTop(PickleMachine machine)
    {
        var (arguments, callable) = (machine.Pop(), machine.Pop());
        machine.Call(callable, arguments);
    }

    private static void CallMarked(PickleMachine machine)
    {
        var items = machine.PopMark();
        if (items.Count == 0)
        {
            throw machine.Source.Fail("an object needs a class, there is none");
        }

        machine.Call(items[0], new StoredList(items[1..], StoredSequenceKind.Tuple));
    }

    // Keyword arguments are kept as a last argument: a dictionary.
    private static void CallWithKeywords(PickleMachine machine)
    {
        var (keywords, arguments, callable) = (machine.Pop(), machine.Pop(), machine.Pop());
        var all = keywords is StoredDictionary { Count: > 0 }
            ? new StoredList([.. arguments.AsList(), keywords], StoredSequenceKind.Tuple)
            : arguments;
        machine.Call(callable, all);
    }
}
