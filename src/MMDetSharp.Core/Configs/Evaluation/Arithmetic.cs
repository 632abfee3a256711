namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>Division and powers with Python's signs and roundings.</summary>
internal static class Arithmetic
{
    /// <summary>The quotient rounded down.</summary>
    /// <exception cref="DivideByZeroException">The divisor is 0.</exception>
    internal static long FloorDivide(long x, long y)
    {
        var quotient = x / y;
        return x % y != 0 && (x < 0) != (y < 0) ? quotient - 1 : quotient;
    }

    /// <inheritdoc cref="FloorDivide(long, long)"/>
    internal static double FloorDivide(double x, double y)
    {
        var exact = (x - Modulo(x, y)) / y;
        if (exact == 0)
        {
            return Math.CopySign(0, x / y);
        }

        var floor = Math.Floor(exact);
        return exact - floor > 0.5 ? floor + 1 : floor;
    }

    /// <summary>The rest of the division rounded down: it has the sign of the divisor.</summary>
    internal static double Modulo(double x, double y)
    {
        if (y == 0)
        {
            throw new DivideByZeroException();
        }

        var rest = x % y;
        if (rest == 0)
        {
            return Math.CopySign(0, y);
        }

        return (y < 0) != (rest < 0) ? rest + y : rest;
    }

    /// <summary>A power of integers; the exponent is not negative.</summary>
    internal static long Power(long x, long exponent)
    {
        if (x is 0 or 1)
        {
            return exponent == 0 ? 1 : x;
        }

        if (x == -1)
        {
            return exponent % 2 == 0 ? 1 : -1;
        }

        var result = 1L;
        for (var i = 0L; i < exponent; i++)
        {
            result = checked(result * x);
        }

        return result;
    }

    /// <summary>x * 2^count.</summary>
    /// <exception cref="OverflowException">The result does not fit.</exception>
    internal static long ShiftLeft(long x, long count)
    {
        if (x == 0)
        {
            return 0;
        }

        return count < 63 ? checked(x * (1L << (int)count)) : throw new OverflowException();
    }

    /// <summary>A power of floats.</summary>
    internal static double Power(double x, double exponent, ConfigOrigin at)
    {
        if (x == 0 && exponent < 0)
        {
            throw new DivideByZeroException();
        }

        if (double.IsFinite(x) && double.IsFinite(exponent) && double.IsInfinity(Math.Pow(x, exponent)))
        {
            throw ConfigException.AtColumn(at, "the power is too large for a float. Use a smaller exponent.");
        }

        return x < 0 && double.IsFinite(exponent) && exponent != Math.Floor(exponent)
            ? throw ConfigException.AtColumn(at, "the power of a negative number is not real. Correct the base.")
            : Math.Pow(x, exponent);
    }

    /// <summary>Python's <c>round(x, digits)</c>: to the nearest decimal, ties to the even one.</summary>
    internal static double Round(double x, int digits)
    {
        if (!double.IsFinite(x) || digits > 22 + 300)
        {
            return x;
        }

        if (digits < 0)
        {
            var scale = Math.Pow(10, -digits);
            return Math.Round(x / scale, MidpointRounding.ToEven) * scale;
        }

        return double.Parse(ExactDecimal.Fixed(x, digits), System.Globalization.CultureInfo.InvariantCulture);
    }
}
