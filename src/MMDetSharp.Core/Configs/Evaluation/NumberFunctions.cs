namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>int, float, abs, round, pow, divmod, sum.</summary>
internal static class NumberFunctions
{
    internal static ConfigValue Int(Arguments call)
    {
        call.Expect("int", 0, 1);
        if (call.Count == 0)
        {
            return call.Scalar(0L);
        }

        if (Numbers.IsInteger(call[0], out var integer) ||
            (call[0] is ConfigScalar { Content: string text } && Numbers.TryInteger(text, out integer)))
        {
            return call.Scalar(integer);
        }

        return call[0] is ConfigScalar { Content: double number } && Math.Abs(number) < 9.2e18
            ? call.Scalar((long)number)
            : throw call.Fail($"int() needs a number that fits into 64 bits, found {call[0].Describe()}. Correct it.");
    }

    internal static ConfigValue Float(Arguments call)
    {
        call.Expect("float", 0, 1);
        if (call.Count == 0)
        {
            return call.Scalar(0.0);
        }

        return Numbers.IsNumber(call[0], out var number) ||
            (call[0] is ConfigScalar { Content: string text } && Numbers.TryReal(text, out number))
            ? call.Scalar(number)
            : throw call.Fail($"float() needs a number, found {call[0].Describe()}. Correct it.");
    }

    internal static ConfigValue Abs(Arguments call)
    {
        call.Expect("abs", 1, 1);
        if (Numbers.IsInteger(call[0], out var integer) && integer != long.MinValue)
        {
            return call.Scalar(Math.Abs(integer));
        }

        return call.Scalar(Math.Abs(Number(call, 0, "abs")));
    }

    internal static ConfigValue Round(Arguments call)
    {
        call.Expect("round", 1, 2, "ndigits");
        var digits = call.Optional(1, "ndigits") is { IsNone: false } given
            ? Digits(given, call)
            : (int?)null;
        if (Numbers.IsInteger(call[0], out var integer) && digits is null or >= 0)
        {
            return call.Scalar(integer);
        }

        var number = Number(call, 0, "round");
        var rounded = digits is { } d ? Arithmetic.Round(number, d) : Math.Round(number, MidpointRounding.ToEven);
        if (digits is not null && call[0].Kind == ConfigKind.Float)
        {
            return call.Scalar(rounded);
        }

        return Math.Abs(rounded) < 9.2e18
            ? call.Scalar((long)rounded)
            : throw call.Fail($"round() needs a number of 64 bits, found {call[0].Describe()}. Correct it.");
    }

    private static int Digits(ConfigValue given, Arguments call) => Numbers.IsInteger(given, out var count)
        ? (int)Math.Clamp(count, -400, 400)
        : throw call.Fail($"round() needs an int for the digits, found {given.Describe()}. Correct it.");

    internal static ConfigValue Pow(Arguments call)
    {
        call.Expect("pow", 2, 2);
        return Operators.Apply("**", call[0], call[1], call.Origin);
    }

    internal static ConfigValue DivMod(Arguments call)
    {
        call.Expect("divmod", 2, 2);
        return new ConfigSequence(
            ConfigKind.Tuple,
            [
                Operators.Apply("//", call[0], call[1], call.Origin),
                Operators.Apply("%", call[0], call[1], call.Origin),
            ],
            call.Origin);
    }

    internal static ConfigValue Sum(Arguments call)
    {
        call.Expect("sum", 1, 2, "start");
        var total = call.Optional(1, "start") ?? call.Scalar(0L);
        foreach (var item in Iteration.Items(call[0], call.Origin))
        {
            total = Operators.Apply("+", total, item, call.Origin);
        }

        return total;
    }

    private static double Number(Arguments call, int index, string function) =>
        Numbers.IsNumber(call[index], out var number)
            ? number
            : throw call.Fail($"{function}() needs a number, found {call[index].Describe()}. Correct it.");
}
