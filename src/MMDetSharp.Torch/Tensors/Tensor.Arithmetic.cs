namespace MMDetSharp.Torch.Tensors;

/// <content>Arithmetic, comparisons and functions of single elements.</content>
public sealed partial class Tensor
{
    private static readonly Operator s_abs = new("aten::abs");
    private static readonly Operator s_addScalar = new("aten::add", "Scalar");
    private static readonly Operator s_addTensor = new("aten::add", "Tensor");
    private static readonly Operator s_atan = new("aten::atan");
    private static readonly Operator s_atan2 = new("aten::atan2");
    private static readonly Operator s_bitwiseAndTensor = new("aten::bitwise_and", "Tensor");
    private static readonly Operator s_bitwiseNot = new("aten::bitwise_not");
    private static readonly Operator s_bitwiseOrTensor = new("aten::bitwise_or", "Tensor");
    private static readonly Operator s_ceil = new("aten::ceil");
    private static readonly Operator s_clamp = new("aten::clamp");
    private static readonly Operator s_clampTensor = new("aten::clamp", "Tensor");
    private static readonly Operator s_cos = new("aten::cos");
    private static readonly Operator s_divScalar = new("aten::div", "Scalar");
    private static readonly Operator s_divScalarMode = new("aten::div", "Scalar_mode");
    private static readonly Operator s_divTensor = new("aten::div", "Tensor");
    private static readonly Operator s_dot = new("aten::dot");
    private static readonly Operator s_eqScalar = new("aten::eq", "Scalar");
    private static readonly Operator s_eqTensor = new("aten::eq", "Tensor");
    private static readonly Operator s_exp = new("aten::exp");
    private static readonly Operator s_floor = new("aten::floor");
    private static readonly Operator s_geScalar = new("aten::ge", "Scalar");
    private static readonly Operator s_geTensor = new("aten::ge", "Tensor");
    private static readonly Operator s_gtScalar = new("aten::gt", "Scalar");
    private static readonly Operator s_gtTensor = new("aten::gt", "Tensor");
    private static readonly Operator s_isfinite = new("aten::isfinite");
    private static readonly Operator s_isnan = new("aten::isnan");
    private static readonly Operator s_leScalar = new("aten::le", "Scalar");
    private static readonly Operator s_leTensor = new("aten::le", "Tensor");
    private static readonly Operator s_log = new("aten::log");
    private static readonly Operator s_log1p = new("aten::log1p");
    private static readonly Operator s_log2 = new("aten::log2");
    private static readonly Operator s_logSoftmaxInt = new("aten::log_softmax", "int");
    private static readonly Operator s_ltScalar = new("aten::lt", "Scalar");
    private static readonly Operator s_ltTensor = new("aten::lt", "Tensor");
    private static readonly Operator s_matmul = new("aten::matmul");
    private static readonly Operator s_maximum = new("aten::maximum");
    private static readonly Operator s_minimum = new("aten::minimum");
    private static readonly Operator s_mulScalar = new("aten::mul", "Scalar");
    private static readonly Operator s_mulTensor = new("aten::mul", "Tensor");
    private static readonly Operator s_neScalar = new("aten::ne", "Scalar");
    private static readonly Operator s_neTensor = new("aten::ne", "Tensor");
    private static readonly Operator s_neg = new("aten::neg");
    private static readonly Operator s_powTensorScalar = new("aten::pow", "Tensor_Scalar");
    private static readonly Operator s_powTensorTensor = new("aten::pow", "Tensor_Tensor");
    private static readonly Operator s_reciprocal = new("aten::reciprocal");
    private static readonly Operator s_relu = new("aten::relu");
    private static readonly Operator s_remainderScalar = new("aten::remainder", "Scalar");
    private static readonly Operator s_round = new("aten::round");
    private static readonly Operator s_rsubScalar = new("aten::rsub", "Scalar");
    private static readonly Operator s_sigmoid = new("aten::sigmoid");
    private static readonly Operator s_sign = new("aten::sign");
    private static readonly Operator s_sin = new("aten::sin");
    private static readonly Operator s_softmaxInt = new("aten::softmax", "int");
    private static readonly Operator s_sqrt = new("aten::sqrt");
    private static readonly Operator s_subScalar = new("aten::sub", "Scalar");
    private static readonly Operator s_subTensor = new("aten::sub", "Tensor");
    private static readonly Operator s_tanh = new("aten::tanh");

    /// <summary>Adds, element by element, with broadcasting.</summary>
    public static Tensor operator +(Tensor left, Tensor right) => s_addTensor.Call(left, right, 1);

    /// <summary>Adds, with one number for all elements.</summary>
    public static Tensor operator +(Tensor left, double right) => s_addScalar.Call(left, Value.Number(right), 1);

    /// <summary>Adds, with one number for all elements.</summary>
    public static Tensor operator +(double left, Tensor right) => s_addScalar.Call(right, Value.Number(left), 1);

    /// <summary>Subtracts, element by element, with broadcasting.</summary>
    public static Tensor operator -(Tensor left, Tensor right) => s_subTensor.Call(left, right, 1);

    /// <summary>Subtracts, with one number for all elements.</summary>
    public static Tensor operator -(Tensor left, double right) => s_subScalar.Call(left, Value.Number(right), 1);

    /// <summary>Subtracts, with one number for all elements.</summary>
    public static Tensor operator -(double left, Tensor right) => s_rsubScalar.Call(right, Value.Number(left), 1);

    /// <summary>Multiplies, element by element, with broadcasting.</summary>
    public static Tensor operator *(Tensor left, Tensor right) => s_mulTensor.Call(left, right);

    /// <summary>Multiplies, with one number for all elements.</summary>
    public static Tensor operator *(Tensor left, double right) => s_mulScalar.Call(left, Value.Number(right));

    /// <summary>Multiplies, with one number for all elements.</summary>
    public static Tensor operator *(double left, Tensor right) => s_mulScalar.Call(right, Value.Number(left));

    /// <summary>Divides, element by element, with broadcasting.</summary>
    public static Tensor operator /(Tensor left, Tensor right) => s_divTensor.Call(left, right);

    /// <summary>Divides, with one number for all elements.</summary>
    public static Tensor operator /(Tensor left, double right) => s_divScalar.Call(left, right);

    /// <summary>Divides, with one number for all elements.</summary>
    public static Tensor operator /(double left, Tensor right) => s_mulScalar.Call(s_reciprocal.Call(right), left);

    /// <summary>The negative of each element.</summary>
    public static Tensor operator -(Tensor tensor) => s_neg.Call(tensor);

    /// <summary>Logical or bitwise and, element by element.</summary>
    public static Tensor operator &(Tensor left, Tensor right) => s_bitwiseAndTensor.Call(left, right);

    /// <summary>Logical or bitwise or, element by element.</summary>
    public static Tensor operator |(Tensor left, Tensor right) => s_bitwiseOrTensor.Call(left, right);

    /// <summary>Logical or bitwise not of each element.</summary>
    public static Tensor operator ~(Tensor tensor) => s_bitwiseNot.Call(tensor);

    /// <summary>Whether each element is greater than its counterpart.</summary>
    /// <param name="other">Broadcast to this tensor.</param>
    /// <returns>A bool tensor of the broadcast shape.</returns>
    public Tensor Gt(Tensor other) => s_gtTensor.Call(this, other);

    /// <summary>Whether each element is greater than a number.</summary>
    /// <param name="other">The number to compare with.</param>
    /// <returns>A bool tensor of the broadcast shape.</returns>
    public Tensor Gt(double other) => s_gtScalar.Call(this, Value.Number(other));

    /// <summary>Whether each element is at least its counterpart.</summary>
    /// <param name="other">Broadcast to this tensor.</param>
    /// <returns>A bool tensor of the broadcast shape.</returns>
    public Tensor Ge(Tensor other) => s_geTensor.Call(this, other);

    /// <summary>Whether each element is at least a number.</summary>
    /// <param name="other">The number to compare with.</param>
    /// <returns>A bool tensor of the broadcast shape.</returns>
    public Tensor Ge(double other) => s_geScalar.Call(this, Value.Number(other));

    /// <summary>Whether each element is less than its counterpart.</summary>
    /// <param name="other">Broadcast to this tensor.</param>
    /// <returns>A bool tensor of the broadcast shape.</returns>
    public Tensor Lt(Tensor other) => s_ltTensor.Call(this, other);

    /// <summary>Whether each element is less than a number.</summary>
    /// <param name="other">The number to compare with.</param>
    /// <returns>A bool tensor of the broadcast shape.</returns>
    public Tensor Lt(double other) => s_ltScalar.Call(this, Value.Number(other));

    /// <summary>Whether each element is at most its counterpart.</summary>
    /// <param name="other">Broadcast to this tensor.</param>
    /// <returns>A bool tensor of the broadcast shape.</returns>
    public Tensor Le(Tensor other) => s_leTensor.Call(this, other);

    /// <summary>Whether each element is at most a number.</summary>
    /// <param name="other">The number to compare with.</param>
    /// <returns>A bool tensor of the broadcast shape.</returns>
    public Tensor Le(double other) => s_leScalar.Call(this, Value.Number(other));

    /// <summary>Whether each element equals its counterpart.</summary>
    /// <param name="other">Broadcast to this tensor.</param>
    /// <returns>A bool tensor of the broadcast shape.</returns>
    public Tensor Eq(Tensor other) => s_eqTensor.Call(this, other);

    /// <summary>Whether each element equals a number.</summary>
    /// <param name="other">The number to compare with.</param>
    /// <returns>A bool tensor of the broadcast shape.</returns>
    public Tensor Eq(double other) => s_eqScalar.Call(this, Value.Number(other));

    /// <summary>Whether each element differs from its counterpart.</summary>
    /// <param name="other">Broadcast to this tensor.</param>
    /// <returns>A bool tensor of the broadcast shape.</returns>
    public Tensor Ne(Tensor other) => s_neTensor.Call(this, other);

    /// <summary>Whether each element differs from a number.</summary>
    /// <param name="other">The number to compare with.</param>
    /// <returns>A bool tensor of the broadcast shape.</returns>
    public Tensor Ne(double other) => s_neScalar.Call(this, Value.Number(other));

    /// <summary>e to the power of each element.</summary>
    public Tensor Exp() => s_exp.Call(this);

    /// <summary>The natural logarithm of each element.</summary>
    public Tensor Log() => s_log.Call(this);

    /// <summary>The natural logarithm of one plus each element.</summary>
    public Tensor Log1p() => s_log1p.Call(this);

    /// <summary>The binary logarithm of each element.</summary>
    public Tensor Log2() => s_log2.Call(this);

    /// <summary>The square root of each element.</summary>
    public Tensor Sqrt() => s_sqrt.Call(this);

    /// <summary>The magnitude of each element.</summary>
    public Tensor Abs() => s_abs.Call(this);

    /// <summary>1 / (1 + exp(-x)) of each element.</summary>
    public Tensor Sigmoid() => s_sigmoid.Call(this);

    /// <summary>The hyperbolic tangent of each element.</summary>
    public Tensor Tanh() => s_tanh.Call(this);

    /// <summary>The sine of each element, radians.</summary>
    public Tensor Sin() => s_sin.Call(this);

    /// <summary>The cosine of each element, radians.</summary>
    public Tensor Cos() => s_cos.Call(this);

    /// <summary>The arc tangent of each element, radians.</summary>
    public Tensor Atan() => s_atan.Call(this);

    /// <summary>Each element, or 0 where it is negative.</summary>
    public Tensor Relu() => s_relu.Call(this);

    /// <summary>Each element rounded down.</summary>
    public Tensor Floor() => s_floor.Call(this);

    /// <summary>Each element rounded up.</summary>
    public Tensor Ceil() => s_ceil.Call(this);

    /// <summary>Each element rounded to the nearest integer, halves to even.</summary>
    public Tensor Round() => s_round.Call(this);

    /// <summary>-1, 0 or 1 by the sign of each element.</summary>
    public Tensor Sign() => s_sign.Call(this);

    /// <summary>Whether each element is neither infinite nor NaN.</summary>
    public Tensor IsFinite() => s_isfinite.Call(this);

    /// <summary>Whether each element is NaN.</summary>
    public Tensor IsNaN() => s_isnan.Call(this);

    /// <summary>Each element to a power.</summary>
    /// <param name="exponent">The power.</param>
    public Tensor Pow(double exponent) => s_powTensorScalar.Call(this, exponent);

    /// <summary>Each element to the power of its counterpart.</summary>
    /// <param name="exponent">Broadcast to this tensor.</param>
    public Tensor Pow(Tensor exponent) => s_powTensorTensor.Call(this, exponent);

    /// <summary>Limits each element to [min, max].</summary>
    /// <param name="min">The lower limit; none when null.</param>
    /// <param name="max">The upper limit; none when null.</param>
    public Tensor Clamp(double? min = null, double? max = null) => s_clamp.Call(this, Value.Number(min), Value.Number(max));

    /// <summary>Limits each element to its own limits.</summary>
    /// <param name="min">Lower limits, broadcast; none when null.</param>
    /// <param name="max">Upper limits, broadcast; none when null.</param>
    public Tensor Clamp(Tensor? min, Tensor? max) => s_clampTensor.Call(this, min, max);

    /// <summary>The smaller one of two elements.</summary>
    /// <param name="other">Broadcast to this tensor.</param>
    public Tensor Minimum(Tensor other) => s_minimum.Call(this, other);

    /// <summary>The larger one of two elements.</summary>
    /// <param name="other">Broadcast to this tensor.</param>
    public Tensor Maximum(Tensor other) => s_maximum.Call(this, other);

    /// <summary>The rest of the division by a number; its sign is the divisor's.</summary>
    /// <param name="divisor">Not 0.</param>
    public Tensor Remainder(double divisor) => s_remainderScalar.Call(this, Value.Number(divisor));

    /// <summary>The quotient rounded down.</summary>
    /// <param name="divisor">Not 0.</param>
    public Tensor FloorDivide(double divisor) => s_divScalarMode.Call(this, Value.Number(divisor), "floor");

    /// <summary>The angle of the point (other, this), radians in (-pi, pi].</summary>
    /// <param name="other">Broadcast to this tensor.</param>
    public Tensor Atan2(Tensor other) => s_atan2.Call(this, other);

    /// <summary>exp(x) over its sum along a dimension.</summary>
    /// <param name="dim">The dimension.</param>
    public Tensor Softmax(int dim) => s_softmaxInt.Call(this, dim, Value.None);

    /// <summary>The logarithm of <see cref="Softmax"/>, stable for large elements.</summary>
    /// <param name="dim">The dimension.</param>
    public Tensor LogSoftmax(int dim) => s_logSoftmaxInt.Call(this, dim, Value.None);

    /// <summary>The matrix product.</summary>
    /// <param name="other">The right factor.</param>
    public Tensor MatMul(Tensor other) => OperationCount.NoteProduct(s_matmul.Call(this, other), this);

    /// <summary>The sum of the products of two vectors' elements.</summary>
    /// <param name="other">(N), as this one.</param>
    public Tensor Dot(Tensor other) => s_dot.Call(this, other);
}
